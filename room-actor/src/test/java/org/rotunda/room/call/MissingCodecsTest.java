package org.rotunda.room.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.rotunda.room.call.ConductorFixture.delivered;
import static org.rotunda.room.call.ConductorFixture.transport;
import static org.rotunda.room.testkit.RoomSamples.START;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.rotunda.media.control.Description;
import org.rotunda.media.control.DesiredTransport;
import org.rotunda.media.control.MediaEvent;
import org.rotunda.media.control.TrackKind;
import org.rotunda.room.protocol.ParticipantSid;
import org.rotunda.room.protocol.RoomError;
import org.rotunda.room.protocol.SessionNotice;
import org.rotunda.room.protocol.SessionNotice.PublishedTrack;
import org.rotunda.room.protocol.SessionNotice.SubscribedTrack;
import org.rotunda.room.protocol.TrackSid;
import org.rotunda.room.state.RoomEvent;
import org.rotunda.room.state.TrackRevision;
import org.rotunda.room.testkit.RoomSamples;
import org.rotunda.room.testkit.RoomSteps;

/** Tests a client without a codec in common with its room, which allows only H.264. */
class MissingCodecsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    @AutoClose
    private final ConductorFixture fixture = ConductorFixture.ofCreatedRoom(RoomSamples.onlyH264());

    private final ParticipantSid alice = fixture.joins("alice");
    private final TestProbe<SessionNotice> socket = fixture.actors.createTestProbe();

    private void answers() {
        fixture.says(
                RoomSteps.NODE,
                new MediaEvent.LocalDescription(
                        transport(alice, "alice"), new Description(Description.Type.ANSWER, 1, "v=0\r\n")));
    }

    private void lacksVideo() {
        fixture.says(RoomSteps.NODE, new MediaEvent.CodecsMissing(transport(alice, "alice"), Set.of(TrackKind.VIDEO)));
    }

    private SessionNotice.RoomChanged changed() {
        while (true) {
            if (socket.receiveMessage(PATIENCE) instanceof SessionNotice.RoomChanged change) {
                return change;
            }
        }
    }

    private List<PublishedTrack> published() {
        SessionNotice.Published published = null;
        while (published == null) {
            published = changed().published();
        }
        return published.tracks();
    }

    @Test
    void videoIsPublishedOnlyAfterTheAnswer() {
        TrackSid cam = fixture.steps.publishes(alice, "cam", TrackKind.VIDEO);
        TrackSid mic = fixture.steps.publishes(alice, "mic", TrackKind.AUDIO);
        fixture.evolve();

        assertThat(fixture.admit(alice, socket).snapshot().published().tracks())
                .containsExactly(new PublishedTrack("cam", null, null), new PublishedTrack("mic", mic, null));
        answers();
        assertThat(published())
                .containsExactly(new PublishedTrack("cam", cam, null), new PublishedTrack("mic", mic, null));
    }

    @Test
    void videoWithoutACodecIsRefused() {
        TrackSid cam = fixture.steps.publishes(alice, "cam", TrackKind.VIDEO);
        fixture.evolve();
        fixture.admit(alice, socket);
        lacksVideo();
        answers();

        assertThat(fixture.asked(CallReport.TracksUnusable.class))
                .isEqualTo(new CallReport.TracksUnusable(alice, List.of(cam)));
        List<RoomEvent> refused = TrackRevision.refuse(
                fixture.steps.state().participant(alice).orElseThrow(),
                List.of(cam),
                RoomError.NO_SUPPORTED_CODEC,
                START);
        refused.forEach(fixture.steps::happens);
        fixture.evolve(refused.toArray(RoomEvent[]::new));
        assertThat(published())
                .as("the SDK was never told that the track is published")
                .containsExactly(new PublishedTrack("cam", null, RoomError.NO_SUPPORTED_CODEC));
    }

    @Test
    void videoThatIsPublishedLaterIsRefusedToo() {
        fixture.admit(alice, socket);
        lacksVideo();
        answers();
        TrackSid cam = fixture.steps.publishes(alice, "cam", TrackKind.VIDEO);
        fixture.evolve();

        assertThat(published()).containsExactly(new PublishedTrack("cam", null, null));
        assertThat(fixture.asked(CallReport.TracksUnusable.class).tracks()).containsExactly(cam);
    }

    @Test
    void subscriberHearsAnErrorForEachTrackThatItCannotReceive() {
        ParticipantSid bob = fixture.joins("bob");
        TrackSid cam = fixture.steps.publishes(bob, "cam", TrackKind.VIDEO);
        TrackSid mic = fixture.steps.publishes(bob, "mic", TrackKind.AUDIO);
        fixture.evolve();
        fixture.admit(alice, socket);
        lacksVideo();

        SessionNotice.Subscribed subscribed = null;
        while (subscribed == null) {
            subscribed = changed().subscribed();
        }
        assertThat(subscribed.tracks())
                .extracting(SubscribedTrack::sid, SubscribedTrack::error)
                .containsExactly(tuple(cam, RoomError.NO_SUPPORTED_CODEC), tuple(mic, null));
        DesiredTransport desired = delivered(fixture.node, DesiredTransport.class);
        while (!desired.transport().equals(transport(alice, "alice"))
                || desired.subscriptions().size() != 1) {
            desired = delivered(fixture.node, DesiredTransport.class);
        }
        assertThat(desired.subscriptions().get(0).trackSid()).isEqualTo(mic.value());
    }

    @Test
    void codecThatIsFoundLaterEndsTheError() {
        ParticipantSid bob = fixture.joins("bob");
        fixture.steps.publishes(bob, "cam", TrackKind.VIDEO);
        fixture.evolve();
        fixture.admit(alice, socket);
        lacksVideo();
        assertThat(changed().subscribed()).isNotNull();
        fixture.says(RoomSteps.NODE, new MediaEvent.CodecsMissing(transport(alice, "alice"), Set.of()));

        assertThat(Objects.requireNonNull(changed().subscribed()).tracks())
                .extracting(SubscribedTrack::error)
                .containsOnlyNulls();
    }
}
