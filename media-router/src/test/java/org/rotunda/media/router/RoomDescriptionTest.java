package org.rotunda.media.router;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.rotunda.media.control.LayerLimit;
import org.rotunda.media.control.MediaCommand;
import org.rotunda.media.control.MediaEvent;
import org.rotunda.media.control.RouterRoomView;
import org.rotunda.media.control.RouterRoomView.DtlsState;
import org.rotunda.media.control.RouterRoomView.Forwarding;
import org.rotunda.media.control.RouterRoomView.IceState;
import org.rotunda.media.control.RouterRoomView.ReceivedTrackView;
import org.rotunda.media.control.RouterRoomView.SentTrackView;
import org.rotunda.media.control.RouterRoomView.TransportView;
import org.rotunda.media.control.TrackKind;
import org.rotunda.media.control.TransportId;
import org.rotunda.media.control.VideoCodec;
import org.rotunda.media.testkit.PublishedTrack;
import org.rotunda.media.testkit.SimulatedPeer;

/** Tests the description of a room. The description shows which media flow, and why other media do not flow. */
class RoomDescriptionTest {
    private final Calls call = new Calls(31);

    @Test
    void aRoomWithoutATransportHereHasNoDescription() {
        assertThat(call.router.core().describeRoom("RM1", 0)).isEmpty();
    }

    @Test
    void aTransportThatNobodyHasCheckedIsDescribedAsNew() {
        SimulatedPeer alice = call.room.join("alice");
        TransportView transport = describe(alice);

        assertThat(transport.state()).isEqualTo(MediaEvent.State.CONNECTING);
        assertThat(transport.ice()).isEqualTo(IceState.NEW);
        assertThat(transport.dtls()).isEqualTo(DtlsState.WAITING);
        assertThat(transport.remoteAddress()).isNull();
        assertThat(transport.rttMillis()).isEqualTo(-1);
        call.closeAndCheckForLeaks(alice);
    }

    @Test
    void aCallIsDescribedWithItsEncodingsAndLayers() {
        SimulatedPeer alice = call.room.joined("alice");
        SimulatedPeer bob = call.room.joined("bob");
        call.publishVideo(alice, 3);
        call.publishAudio(bob);
        call.subscribeAudio(alice, bob);
        String video = call.subscribeVideo(bob, alice);
        call.awaitFrames(bob, video, 60);
        call.simulation.runMs(4_000);

        TransportView publisher = describe(alice);
        assertThat(publisher.state()).isEqualTo(MediaEvent.State.CONNECTED);
        assertThat(publisher.ice()).isEqualTo(IceState.NOMINATED);
        assertThat(publisher.dtls()).isEqualTo(DtlsState.OPEN);
        assertThat(publisher.remoteAddress())
                .isEqualTo(alice.address().getAddress().getHostAddress() + ":"
                        + alice.address().getPort());
        assertThat(publisher.rttMillis()).isBetween(39.0, 60.0); // A datagram takes 20 ms each way.
        assertThat(publisher.desiredEpoch()).isEqualTo(1);
        ReceivedTrackView camera = publisher.received().get(0);
        assertThat(camera.trackSid()).isEqualTo("MT-alice");
        assertThat(camera.kind()).isEqualTo(TrackKind.VIDEO);
        assertThat(camera.encodings()).hasSize(3).allSatisfy(encoding -> {
            assertThat(encoding.flowing()).isTrue();
            assertThat(encoding.bitrateBps()).isPositive();
            assertThat(encoding.width()).isPositive();
            assertThat(encoding.lastPacketAgeMillis()).isBetween(0L, 500L);
            assertThat(encoding.packetsReceived()).isPositive();
        });
        SentTrackView sent = describe(bob).sent().get(0);
        assertThat(sent.id()).isEqualTo(video);
        assertThat(sent.trackSid()).isEqualTo("MT-alice");
        assertThat(sent.forwarding()).isEqualTo(Forwarding.AS_DESIRED);
        assertThat(sent.spatialCurrent()).isEqualTo(2);
        assertThat(sent.packetsDropped()).containsKey("not_selected");
        call.closeAndCheckForLeaks(alice, bob);
    }

    @Test
    void theReasonForALayerIsNamed() {
        SimulatedPeer alice = call.room.joined("alice");
        SimulatedPeer bob = call.room.joined("bob");
        PublishedTrack camera = call.publishVideo(alice, 3);
        String video = call.subscribeVideo(bob, alice);
        call.awaitFrames(bob, video, 60);
        call.simulation.runMs(1_000);

        call.room.subscribe(bob, video, "MT-alice", TrackKind.VIDEO, alice, LayerLimit.NONE, true);
        call.simulation.runMs(200);
        assertThat(sentTo(bob).forwarding()).isEqualTo(Forwarding.PAUSED);

        call.room.subscribe(bob, video, "MT-alice", TrackKind.VIDEO, alice, LayerLimit.NONE, false);
        alice.link().up().mediaLoss(1); // No key frame arrives with this loss.
        call.simulation.runMs(100);
        assertThat(sentTo(bob).forwarding()).isEqualTo(Forwarding.WAITING_FOR_KEY_FRAME);
        call.simulation.runMs(2_000);
        assertThat(sentTo(bob).forwarding()).isEqualTo(Forwarding.NOTHING_FLOWS);
        assertThat(describe(alice).received().get(0).encodings().get(0).flowing())
                .isFalse();

        alice.link().up().mediaLoss(0);
        call.simulation.runMs(3_000);
        assertThat(sentTo(bob).forwarding()).isEqualTo(Forwarding.AS_DESIRED);

        call.room.unpublish(alice, "MT-alice");
        call.simulation.runMs(200);
        assertThat(sentTo(bob).forwarding()).isEqualTo(Forwarding.NO_SOURCE);
        assertThat(describe(alice).received().get(0).trackSid()).isNull();
        assertThat(describe(alice).received().get(0).clientTrackId()).isEqualTo(camera.trackId());
        call.closeAndCheckForLeaks(alice, bob);
    }

    @Test
    void aSubscriptionWithoutAnMLineIsNotNegotiated() {
        SimulatedPeer alice = call.room.joined("alice");
        SimulatedPeer bob = call.room.joined("bob");
        bob.setDeaf(true);
        call.publishVideo(alice, 1);
        call.subscribeVideo(bob, alice);
        call.simulation.runMs(500);

        assertThat(sentTo(bob).forwarding()).isEqualTo(Forwarding.NOT_NEGOTIATED);
        assertThat(describe(bob).awaitsAnswer()).isTrue();
        call.closeAndCheckForLeaks(alice, bob);
    }

    @Test
    void tracksBeyondTheLimitAreLeftOutAndCounted() {
        SimulatedPeer alice = call.room.joined("alice");
        SimulatedPeer bob = call.room.joined("bob");
        call.publishVideo(alice, 1);
        for (int i = 0; i < RouterRoomView.TRACKS_MAX + 3; i++) {
            call.room.subscribe(bob, "extra-" + i, "MT-alice", TrackKind.VIDEO, alice);
        }
        call.simulation.runMs(100);

        RouterRoomView view = view();
        assertThat(view.transports().stream()
                        .mapToInt(transport ->
                                transport.sent().size() + transport.received().size())
                        .sum())
                .isEqualTo(RouterRoomView.TRACKS_MAX);
        assertThat(view.tracksLeftOut()).isBetween(3, 4); // If Alice's camera is negotiated by now, it counts too.
        assertThat(view.transportsLeftOut()).isZero();
        call.closeAndCheckForLeaks(alice, bob);
    }

    @Test
    void transportsBeyondTheLimitAreLeftOutAndCounted() {
        for (int i = 0; i < RouterRoomView.TRANSPORTS_MAX + 2; i++) {
            call.router.command(new MediaCommand.OpenTransport(
                    new TransportId("RM1", "PA" + i, "pc1"), 1, Set.of(VideoCodec.VP8), null, false));
        }

        assertThat(view().transports()).hasSize(RouterRoomView.TRANSPORTS_MAX);
        assertThat(view().transportsLeftOut()).isEqualTo(2);
    }

    private RouterRoomView view() {
        return call.router
                .core()
                .describeRoom("RM1", call.simulation.nowNanos())
                .orElseThrow();
    }

    private TransportView describe(SimulatedPeer peer) {
        return view().transports().stream()
                .filter(transport -> transport.id().equals(peer.id()))
                .findFirst()
                .orElseThrow();
    }

    private SentTrackView sentTo(SimulatedPeer peer) {
        return describe(peer).sent().get(0);
    }
}
