package org.rotunda.media.router;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.rotunda.media.control.Description;
import org.rotunda.media.control.DesiredTransport;
import org.rotunda.media.control.MediaCommand;
import org.rotunda.media.control.MediaEvent;
import org.rotunda.media.control.TrackKind;
import org.rotunda.media.control.TransportHandover;
import org.rotunda.media.control.TransportId;
import org.rotunda.media.control.VideoCodec;
import org.rotunda.media.testkit.PublishedStream;
import org.rotunda.media.testkit.PublishedTrack;
import org.rotunda.media.testkit.SimulatedPeer;
import org.rotunda.media.testkit.SimulatedRouter;

/** Tests the events that a new owner of a room receives. Also tests that commands of the old owner are refused. */
class CallRecoveryTest {
    private static final TransportId ALICE = new TransportId("RM1", "alice", "pc1");
    private static final TransportId BOB = new TransportId("RM1", "bob", "pc1");

    private final Calls call = new Calls(21);

    private List<MediaEvent> eventsSince(int from) {
        return List.copyOf(
                call.router.events().subList(from, call.router.events().size()));
    }

    private <T extends MediaEvent> T last(Class<T> kind, TransportId transport) {
        List<T> events = call.router.events(kind, transport);
        return events.get(events.size() - 1);
    }

    @Test
    void aReportRepeatsTheEventsOfTheFirstOwner() {
        SimulatedPeer alice = call.room.joined("alice");
        SimulatedPeer bob = call.room.joined("bob");
        call.publishVideo(alice, 3);
        call.publishAudio(alice);
        call.room.openChannel(alice, "hints");
        String video = call.subscribeVideo(bob, alice);
        call.awaitFrames(bob, video, 60);
        call.simulation.await("open", 5_000, () -> alice.channelsOfRouter().containsKey("hints"));
        call.simulation.runMs(500);
        TransportHandover handover =
                last(MediaEvent.HandoverChanged.class, alice.id()).handover();
        Description description =
                last(MediaEvent.LocalDescription.class, alice.id()).description();
        List<MediaEvent.Layer> layers =
                last(MediaEvent.LayersChanged.class, alice.id()).layers();
        assertThat(layers).hasSize(3).allMatch(layer -> layer.width() > 0);

        int before = call.router.events().size();
        call.room.nextEpoch();
        call.router.command(new MediaCommand.ReportTransport(alice.id(), call.room.epoch()));

        assertThat(eventsSince(before))
                .containsExactly(
                        new MediaEvent.HandoverChanged(alice.id(), handover),
                        new MediaEvent.LocalDescription(alice.id(), description),
                        new MediaEvent.StateChanged(alice.id(), MediaEvent.State.CONNECTED, true),
                        new MediaEvent.LayersChanged(alice.id(), "MT-alice", layers),
                        new MediaEvent.ChannelChanged(alice.id(), "hints", true));
        call.closeAndCheckForLeaks(alice, bob);
    }

    @Test
    void aReportRepeatsAnOfferThatWasNotAnswered() {
        SimulatedPeer alice = call.room.joined("alice");
        SimulatedPeer bob = call.room.joined("bob");
        bob.setDeaf(true);
        call.publishVideo(alice, 1);
        call.subscribeVideo(bob, alice);
        call.simulation.runMs(500);
        Description offer = last(MediaEvent.LocalDescription.class, bob.id()).description();
        assertThat(offer.type()).isEqualTo(Description.Type.OFFER);
        int before = call.router.events().size();
        call.router.command(new MediaCommand.ReportTransport(bob.id(), 2));

        assertThat(eventsSince(before)).contains(new MediaEvent.LocalDescription(bob.id(), offer));
        call.room.nextEpoch();
        call.closeAndCheckForLeaks(alice, bob);
    }

    @Test
    void reportOfATransportThatNeverConnectedIsItsStateAlone() {
        call.router.command(open(ALICE, 1));
        call.router.command(new MediaCommand.ReportTransport(ALICE, 1));

        assertThat(call.router.events())
                .containsExactly(new MediaEvent.StateChanged(ALICE, MediaEvent.State.CONNECTING, true));
    }

    @Test
    void reportOfAnUnknownTransportIsRefusedAndRaisesTheEpoch() {
        call.router.command(new MediaCommand.ReportTransport(ALICE, 2));
        call.router.command(open(ALICE, 1));

        assertThat(call.router.events())
                .containsExactly(
                        new MediaEvent.CommandRefused(ALICE, 2, MediaEvent.Refusal.UNKNOWN_TRANSPORT),
                        new MediaEvent.CommandRefused(ALICE, 1, MediaEvent.Refusal.STALE_EPOCH));
    }

    @Test
    void repeatedOpenIsAcknowledgedByAReport() {
        SimulatedPeer alice = call.room.joined("alice");
        int before = call.router.events().size();
        call.router.command(open(alice.id(), 1));

        assertThat(eventsSince(before))
                .hasSize(3)
                .endsWith(new MediaEvent.StateChanged(alice.id(), MediaEvent.State.CONNECTED, true));
        call.closeAndCheckForLeaks(alice);
    }

    @Test
    void equalStateOfAnotherOwnerDisturbsNothing() {
        SimulatedPeer alice = call.room.joined("alice");
        SimulatedPeer bob = call.room.joined("bob");
        PublishedTrack camera = call.publishVideo(alice, 3);
        String video = call.subscribeVideo(bob, alice);
        call.awaitFrames(bob, video, 60);
        call.simulation.runMs(5_000); // The first key frame requests are over by then.
        int ssrc = bob.received(video).ssrc();
        int descriptions =
                call.router.events(MediaEvent.LocalDescription.class, bob.id()).size();
        long asked = call.router.snapshot().keyFrameRequests();
        long keyFrames = keyFrames(camera);
        int frames = bob.received(video).frames().size();

        call.room.nextEpoch();
        for (SimulatedPeer peer : new SimulatedPeer[] {alice, bob}) {
            call.router.command(new MediaCommand.ReportTransport(peer.id(), call.room.epoch()));
            call.room.submit(peer);
            assertThat(last(MediaEvent.DesiredApplied.class, peer.id()))
                    .isEqualTo(new MediaEvent.DesiredApplied(peer.id(), 2, 1));
        }
        call.simulation.runMs(2_000);

        assertThat(bob.received(video).ssrc()).isEqualTo(ssrc);
        assertThat(call.router.snapshot().keyFrameRequests()).isEqualTo(asked);
        assertThat(keyFrames(camera)).isEqualTo(keyFrames);
        assertThat(bob.received(video).frames().size()).isGreaterThan(frames + 50);
        Calls.assertUnbroken(bob.received(video));
        for (SimulatedPeer peer : new SimulatedPeer[] {alice, bob}) {
            long distinct = call.router.events(MediaEvent.LocalDescription.class, peer.id()).stream()
                    .distinct()
                    .count();
            assertThat(call.router.events(MediaEvent.LocalDescription.class, peer.id()))
                    .as("one more than before, and that one is a repeat")
                    .hasSize((int) distinct + 1);
        }
        assertThat(call.router.events(MediaEvent.LocalDescription.class, bob.id()))
                .hasSize(descriptions + 1);
        call.closeAndCheckForLeaks(alice, bob);
    }

    /** Tests that versions may start at 1 again in a new epoch, although the old epoch had higher versions. */
    @Test
    void lowerVersionOfAHigherEpochIsNewer() {
        SimulatedPeer alice = call.room.joined("alice");
        SimulatedPeer bob = call.room.joined("bob");
        call.publishVideo(alice, 1);
        String video = call.subscribeVideo(bob, alice);
        call.awaitFrames(bob, video, 30);
        for (int i = 0; i < 5; i++) {
            call.room.submit(bob);
        }
        call.room.nextEpoch();
        call.room.unsubscribe(bob, video);
        call.simulation.runMs(500);

        assertThat(call.router.snapshot().subscriptions()).isZero();
        call.closeAndCheckForLeaks(alice, bob);
    }

    /**
     * Tests that epochs are compared. Otherwise an older owner of the room would open, change and close the newer
     * owner's transports.
     */
    @Test
    void ofTwoOwnersOnlyTheNewerHasEffectAlsoAfterAllTransportsClosed() {
        SimulatedRouter router = call.router;
        router.command(open(ALICE, 7));
        router.command(open(ALICE, 8));
        router.command(open(BOB, 7));
        router.command(desired(ALICE, 8, 1, "new"));
        router.command(desired(ALICE, 7, 9, "old"));
        assertThat(router.events(MediaEvent.CommandRefused.class, BOB)).hasSize(1);
        assertThat(router.snapshot().transports()).isEqualTo(1);
        router.command(new MediaCommand.CloseTransport(ALICE, 7, true));
        assertThat(router.snapshot().transports()).isEqualTo(1);
        assertThat(router.events(MediaEvent.DesiredApplied.class, ALICE))
                .containsExactly(new MediaEvent.DesiredApplied(ALICE, 8, 1));

        router.command(new MediaCommand.CloseTransport(ALICE, 8, true));
        assertThat(router.snapshot().rooms()).isZero();
        // The epoch of an empty room is kept for ten minutes after the room's last command. Refused commands count too,
        // so the commands of each minute keep the epoch.
        for (int minute = 0; minute < 30; minute++) {
            call.simulation.runMs(60_000);
            router.command(open(ALICE, 7));
            router.command(desired(ALICE, 7, 10, "old"));
        }
        assertThat(router.snapshot().transports()).isZero();
        assertThat(router.snapshot().publications()).isZero();
        assertThat(router.events(MediaEvent.CommandRefused.class, ALICE))
                .hasSize(2 + 60)
                .allMatch(refused -> refused.refusal() == MediaEvent.Refusal.STALE_EPOCH && refused.epoch() == 7);

        router.command(open(BOB, 8));
        router.command(open(ALICE, 7));
        router.command(new MediaCommand.ReportTransport(BOB, 9));
        router.command(new MediaCommand.CloseTransport(BOB, 8, false));
        assertThat(router.snapshot().transports()).isEqualTo(1);
    }

    private static long keyFrames(PublishedTrack track) {
        return track.streams().stream().mapToLong(PublishedStream::keyFrames).sum();
    }

    private static MediaCommand.OpenTransport open(TransportId id, long epoch) {
        return new MediaCommand.OpenTransport(id, epoch, Set.of(VideoCodec.VP8), null, false);
    }

    private static DesiredTransport desired(TransportId id, long epoch, long version, String trackSid) {
        return new DesiredTransport(
                id,
                epoch,
                version,
                List.of(new DesiredTransport.Publication(trackSid, "camera", TrackKind.VIDEO)),
                List.of(),
                List.of());
    }
}
