package org.rotunda.room.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rotunda.room.testkit.RoomSamples.START;
import static org.rotunda.room.testkit.RoomSamples.properties;

import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.rotunda.media.control.TrackKind;
import org.rotunda.room.protocol.ParticipantSid;
import org.rotunda.room.protocol.TrackPriority;
import org.rotunda.room.protocol.TrackRule;
import org.rotunda.room.protocol.TrackSid;
import org.rotunda.room.state.RoomEvent.ParticipantDisconnected;
import org.rotunda.room.state.RoomEvent.RecordingRulesChanged;
import org.rotunda.room.state.RoomEvent.SubscribeRulesChanged;
import org.rotunda.room.state.RoomEvent.TrackChanged;
import org.rotunda.room.state.RoomEvent.TrackUnpublished;
import org.rotunda.room.testkit.RoomSteps;

/** Tests that a participant receives what its subscribe rules select, whatever happens in the room. */
class SubscriptionsTest {
    private static final TrackRule LOW =
            new TrackRule(TrackRule.Type.INCLUDE, false, null, null, null, TrackPriority.LOW);

    private final RoomSteps steps = RoomSteps.room(properties());
    private final ParticipantSid alice = steps.joins("alice", START);
    private final ParticipantSid bob = steps.joins("bob", START);

    @Test
    void theDefaultRuleIncludesOrExcludesEverything() {
        TrackSid cam = steps.publishes(bob, "cam", TrackKind.VIDEO);
        ParticipantSid carol = steps.joins("carol", false, START);

        assertThat(received(alice)).containsExactly(cam);
        assertThat(received(bob)).as("its own track").isEmpty();
        assertThat(received(carol)).isEmpty();
        assertThat(participant(carol).rulesInForce()).containsExactly(TrackRule.EXCLUDE_ALL);
    }

    @Test
    void tracksAndPublishersThatComeLaterAreSelectedToo() {
        rules(alice, include("dave", null));
        assertThat(received(alice)).isEmpty();

        ParticipantSid dave = steps.joins("dave", START);
        TrackSid screen = steps.publishes(dave, "screen", TrackKind.VIDEO);
        assertThat(received(alice)).containsExactly(screen);

        steps.happens(new TrackUnpublished(dave, screen, START));
        assertThat(received(alice)).isEmpty();
        steps.publishes(dave, "chat", TrackKind.DATA);
        steps.happens(new ParticipantDisconnected(dave, Departure.LEFT, START));
        assertThat(received(alice)).isEmpty();

        ParticipantSid again = steps.joins("dave", START);
        TrackSid chat = steps.publishes(again, "chat", TrackKind.DATA);
        assertThat(received(alice)).as("the rule names the identity").containsExactly(chat);
    }

    @Test
    void aChangeOfThePriorityMovesATrackInAndOut() {
        TrackSid cam = steps.publishes(bob, "cam", TrackKind.VIDEO);
        TrackSid mic = steps.publishes(bob, "mic", TrackKind.AUDIO);
        rules(alice, LOW);
        assertThat(received(alice)).isEmpty();

        priority(cam, TrackPriority.LOW);
        assertThat(received(alice)).containsExactly(cam);
        priority(mic, TrackPriority.LOW);
        priority(cam, TrackPriority.HIGH);
        assertThat(received(alice)).containsExactly(mic);
        assertThat(timesLeft(cam)).as("by the rules, and by its priority").isEqualTo(2);
        assertThat(timesLeft(mic)).as("by the rules").isEqualTo(1);
    }

    @Test
    void rulesAreReplacedAsAWholeAndKeepTheTimeOfTheFirst() {
        rules(alice, include("bob", null));
        steps.happens(new SubscribeRulesChanged(alice, List.of(TrackRule.EXCLUDE_ALL), START.plusSeconds(5)));

        SubscribeRules rules = Objects.requireNonNull(participant(alice).subscribeRules());
        assertThat(rules.rules()).containsExactly(TrackRule.EXCLUDE_ALL);
        assertThat(rules.createdAt()).isEqualTo(START);
        assertThat(rules.updatedAt()).isEqualTo(START.plusSeconds(5));
        assertThat(participant(alice).updatedAt())
                .as("the participant itself has not changed")
                .isEqualTo(START);
    }

    @Test
    void countsHowOftenATrackHasLeftWhileItIsPublished() {
        TrackSid cam = steps.publishes(bob, "cam", TrackKind.VIDEO);
        TrackSid mic = steps.publishes(bob, "mic", TrackKind.AUDIO);
        rules(alice, include(null, "name-mic"));
        rules(alice, TrackRule.INCLUDE_ALL);
        rules(alice, include(null, "name-mic"));
        assertThat(timesLeft(cam)).isEqualTo(2);
        assertThat(timesLeft(mic)).as("it was received all the time").isZero();

        steps.happens(new TrackUnpublished(bob, cam, START));
        rules(alice, TrackRule.EXCLUDE_ALL);

        assertThat(timesLeft(cam)).as("an unpublished track is forgotten").isZero();
        assertThat(timesLeft(mic)).isEqualTo(1);
    }

    /** The ids of subscriptions depend on the numbers, and a connection must not use an id twice. */
    @Test
    void noIdIsUsedTwiceWhateverChanges() {
        Random random = new Random(11);
        List<TrackSid> tracks = List.of(
                steps.publishes(bob, "cam", TrackKind.VIDEO),
                steps.publishes(bob, "mic", TrackKind.AUDIO),
                steps.publishes(bob, "chat", TrackKind.DATA));
        List<TrackRule> choices = List.of(TrackRule.INCLUDE_ALL, TrackRule.EXCLUDE_ALL, LOW, include(null, "name-mic"));
        List<TrackPriority> priorities = List.of(TrackPriority.values());
        Map<TrackSid, String> before = new HashMap<>();
        Set<String> ended = new HashSet<>();
        SubscriptionIds ids = new SubscriptionIds();
        for (int i = 0; i < 300; i++) {
            if (random.nextBoolean()) {
                rules(alice, choices.get(random.nextInt(choices.size())), choices.get(random.nextInt(choices.size())));
            } else {
                priority(tracks.get(random.nextInt(tracks.size())), priorities.get(random.nextInt(priorities.size())));
            }
            Map<TrackSid, String> now = new HashMap<>();
            Subscriptions.of(steps.state(), participant(alice))
                    .forEach(each -> now.put(each.trackSid(), ids.of(participant(alice), each.track())));
            assertThat(Collections.disjoint(now.values(), ended)).isTrue();
            before.forEach((track, id) -> {
                if (now.containsKey(track)) {
                    assertThat(now).containsEntry(track, id);
                } else {
                    ended.add(id);
                }
            });
            before.clear();
            before.putAll(now);
        }
        assertThat(ended).hasSizeGreaterThan(50);
    }

    @Test
    void recordingRulesSelectSoundAndPicturesButNoData() {
        steps.publishes(bob, "chat", TrackKind.DATA);
        assertThat(steps.state().recordingRulesInForce()).containsExactly(TrackRule.EXCLUDE_ALL);
        steps.happens(new RecordingRulesChanged(List.of(TrackRule.INCLUDE_ALL), START));
        assertThat(steps.state().selectsForRecording()).isFalse();

        TrackSid mic = steps.publishes(bob, "mic", TrackKind.AUDIO);
        assertThat(steps.state().selectsForRecording()).isTrue();
        steps.happens(new TrackUnpublished(bob, mic, START));
        assertThat(steps.state().selectsForRecording()).isFalse();
    }

    private void rules(ParticipantSid participant, TrackRule... rules) {
        steps.happens(new SubscribeRulesChanged(participant, List.of(rules), START));
    }

    private void priority(TrackSid track, TrackPriority priority) {
        steps.happens(new TrackChanged(bob, track, true, priority, START));
    }

    private static TrackRule include(@Nullable String publisher, @Nullable String track) {
        return new TrackRule(TrackRule.Type.INCLUDE, false, null, publisher, track, null);
    }

    private List<TrackSid> received(ParticipantSid subscriber) {
        return Subscriptions.of(steps.state(), participant(subscriber))
                .map(Subscriptions.Subscribed::trackSid)
                .toList();
    }

    private int timesLeft(TrackSid track) {
        SubscribeRules rules = participant(alice).subscribeRules();
        return rules == null ? 0 : rules.timesLeft(track);
    }

    private Participant participant(ParticipantSid sid) {
        return steps.state().participant(sid).orElseThrow();
    }
}
