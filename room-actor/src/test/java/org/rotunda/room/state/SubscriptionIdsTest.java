package org.rotunda.room.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rotunda.room.testkit.RoomSamples.START;
import static org.rotunda.room.testkit.RoomSamples.properties;

import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.rotunda.media.control.TrackKind;
import org.rotunda.room.placement.Placement;
import org.rotunda.room.protocol.ParticipantSid;
import org.rotunda.room.protocol.TrackPriority;
import org.rotunda.room.protocol.TrackRule;
import org.rotunda.room.protocol.TrackSid;
import org.rotunda.room.state.RoomEvent.ParticipantConnected;
import org.rotunda.room.state.RoomEvent.ParticipantMoved;
import org.rotunda.room.state.RoomEvent.SubscribeRulesChanged;
import org.rotunda.room.testkit.RoomSteps;

/** Tests that each id is computed only once, and that the ids of a connection never change. */
class SubscriptionIdsTest {
    private final RoomSteps steps = RoomSteps.room(properties());
    private final ParticipantSid alice = steps.joins("alice", START);
    private final ParticipantSid bob = steps.joins("bob", START);
    private final SubscriptionIds ids = new SubscriptionIds();

    private Participant alice() {
        return steps.state().participant(alice).orElseThrow();
    }

    @Test
    void aViewComputesEachIdOnce() {
        for (int i = 0; i < 10; i++) {
            steps.publishes(bob, "track-" + i, TrackKind.VIDEO);
        }
        for (int change = 0; change < 5; change++) {
            ClientView view = ClientView.of(
                    steps.state(), ClientView.everybody(steps.state()), alice(), ids, MediaTerms.UNKNOWN, false);
            assertThat(view.subscribed()).hasSize(10);
        }

        assertThat(ids.computed()).isEqualTo(10);
    }

    /** A room that recovers on another node, perhaps with another release, must compute the same id. */
    @Test
    void theIdIsAHashOfConnectionAndTrack() {
        ParticipantSid carol = new ParticipantSid("PA0123456789abcdef0123456789abcdef");
        Placement placement = new Placement(RoomSteps.NODE, "connection");
        steps.happens(new ParticipantConnected(carol, "carol", "hash", true, Map.of(), placement, 1, START));
        Participant viewer = steps.state().participant(carol).orElseThrow();

        assertThat(ids.of(viewer, track("MT0123456789abcdef0123456789abcdef")))
                .isEqualTo("66f5c2d0-e542-3820-944f-21e129961044");
    }

    @Test
    void anotherConnectionHasOtherIds() {
        TrackSid cam = steps.publishes(bob, "cam", TrackKind.VIDEO);
        Publication track = track(cam.value());
        String first = ids.of(alice(), track);
        steps.happens(new ParticipantMoved(alice, new Placement(RoomSteps.NODE, "second"), START));
        String second = ids.of(alice(), track);

        assertThat(second).isNotEqualTo(first);
        assertThat(new SubscriptionIds().of(alice(), track)).isEqualTo(second);
    }

    @Test
    void aTrackThatComesBackHasAnotherId() {
        TrackSid cam = steps.publishes(bob, "cam", TrackKind.VIDEO);
        Publication track = track(cam.value());
        String first = ids.of(alice(), track);
        steps.happens(new SubscribeRulesChanged(alice, List.of(TrackRule.INCLUDE_ALL), START));
        assertThat(ids.of(alice(), track)).as("the track has not left").isEqualTo(first);

        steps.happens(new SubscribeRulesChanged(alice, List.of(TrackRule.EXCLUDE_ALL), START));
        steps.happens(new SubscribeRulesChanged(alice, List.of(TrackRule.INCLUDE_ALL), START));
        String second = ids.of(alice(), track);
        steps.happens(new SubscribeRulesChanged(alice, List.of(TrackRule.EXCLUDE_ALL), START));
        steps.happens(new SubscribeRulesChanged(alice, List.of(TrackRule.INCLUDE_ALL), START));
        String third = ids.of(alice(), track);

        assertThat(List.of(first, second, third)).doesNotHaveDuplicates();
        assertThat(new SubscriptionIds().of(alice(), track))
                .as("a room that recovers")
                .isEqualTo(third);
    }

    @Test
    void theNumberOfKeptIdsIsBounded() {
        Random random = new Random(1);
        Publication first = track(TrackSid.random(random).value());
        String id = ids.of(alice(), first);
        for (int i = 0; i < SubscriptionIds.IDS_MAX; i++) {
            ids.of(alice(), track(TrackSid.random(random).value()));
        }
        assertThat(ids.computed()).isEqualTo(SubscriptionIds.IDS_MAX + 1L);
        assertThat(ids.of(alice(), first)).isEqualTo(id);
        assertThat(ids.computed()).isEqualTo(SubscriptionIds.IDS_MAX + 2L);
    }

    private static Publication track(String sid) {
        return new Publication(new TrackSid(sid), "cam", TrackKind.VIDEO, "cam", true, TrackPriority.STANDARD);
    }
}
