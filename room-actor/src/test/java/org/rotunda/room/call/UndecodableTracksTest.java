package org.rotunda.room.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.rotunda.room.call.ConductorFixture.delivered;
import static org.rotunda.room.call.ConductorFixture.transport;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.rotunda.media.control.DesiredTransport;
import org.rotunda.media.control.MediaEvent;
import org.rotunda.media.control.TrackKind;
import org.rotunda.room.protocol.ParticipantSid;
import org.rotunda.room.protocol.RoomError;
import org.rotunda.room.protocol.SessionNotice;
import org.rotunda.room.protocol.SessionNotice.SubscribedTrack;
import org.rotunda.room.protocol.TrackSid;
import org.rotunda.room.testkit.RoomSteps;

/**
 * Tests a subscriber that cannot decode one track of a publisher. The room allows several codecs, and the publisher
 * sends one that the subscriber does not have.
 */
class UndecodableTracksTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    @AutoClose
    private final ConductorFixture fixture = ConductorFixture.ofCreatedRoom();

    private final ParticipantSid alice = fixture.joins("alice");
    private final ParticipantSid bob = fixture.joins("bob");
    private final TrackSid cam = fixture.steps.publishes(bob, "cam", TrackKind.VIDEO);
    private final TrackSid screen = fixture.steps.publishes(bob, "screen", TrackKind.VIDEO);
    private final TestProbe<SessionNotice> socket = fixture.actors.createTestProbe();

    @BeforeEach
    void connects() {
        fixture.evolve();
        fixture.admit(alice, socket);
    }

    private void lacksCodecOf(TrackSid... tracks) {
        fixture.says(
                RoomSteps.NODE,
                new MediaEvent.TrackCodecsMissing(
                        transport(alice, "alice"),
                        Set.copyOf(List.of(tracks).stream().map(TrackSid::value).toList())));
    }

    private List<SubscribedTrack> subscribed() {
        while (true) {
            if (socket.receiveMessage(PATIENCE) instanceof SessionNotice.RoomChanged change
                    && change.subscribed() != null) {
                return change.subscribed().tracks();
            }
        }
    }

    @Test
    void subscriberHearsAnErrorForThatTrackAlone() {
        lacksCodecOf(cam);

        assertThat(subscribed())
                .extracting(SubscribedTrack::sid, SubscribedTrack::error)
                .containsExactly(tuple(cam, RoomError.NO_SUPPORTED_CODEC), tuple(screen, null));
    }

    @Test
    void errorEndsWhenThePublisherSendsAnotherCodec() {
        lacksCodecOf(cam);
        assertThat(subscribed()).extracting(SubscribedTrack::error).contains(RoomError.NO_SUPPORTED_CODEC);
        lacksCodecOf();

        assertThat(subscribed()).extracting(SubscribedTrack::error).containsOnlyNulls();
    }

    /** Without the subscription the router could not see that the publisher sends another codec. */
    @Test
    void routerKeepsTheSubscription() {
        lacksCodecOf(cam);
        assertThat(subscribed()).hasSize(2);
        TrackSid later = fixture.steps.publishes(bob, "later", TrackKind.AUDIO);
        fixture.evolve();

        DesiredTransport desired = delivered(fixture.node, DesiredTransport.class);
        while (!desired.transport().equals(transport(alice, "alice"))
                || desired.subscriptions().size() != 3) {
            desired = delivered(fixture.node, DesiredTransport.class);
        }
        assertThat(desired.subscriptions())
                .extracting(DesiredTransport.Subscription::trackSid)
                .contains(cam.value(), later.value());
    }
}
