package org.rotunda.media.router;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.rotunda.media.control.Description;
import org.rotunda.media.control.MediaCommand;
import org.rotunda.media.control.MediaEvent;
import org.rotunda.media.control.RouterRoomView;
import org.rotunda.media.control.TransportId;
import org.rotunda.media.control.VideoCodec;
import org.rotunda.media.testkit.SimulatedPeer;
import org.rotunda.media.testkit.SimulatedRouter;
import org.rotunda.media.testkit.Simulation;

/** Tests the cost of an offer with 512 tracks. Each track has its own m-line, and no packet of a track ever comes. */
class OfferCostTest {
    private static final int TRACKS = 512;
    private static final int RECEIVED_MAX = 192;

    /** The maximum number of bytes that an offer may allocate. Buffers for all its streams would take 26 MB more. */
    private static final long ALLOCATED_BYTES_MAX = 16L << 20;

    private final Simulation simulation = new Simulation(1);
    private final SimulatedRouter router = new SimulatedRouter(simulation);
    private final TransportId id = new TransportId("RM1", "mallory", "pc");

    @Test
    void tracksAreBoundedAndHaveNoBuffersBeforeTheirFirstPacket() {
        router.command(new MediaCommand.OpenTransport(id, 1, Set.of(VideoCodec.values()), null, false));
        String sdp = offer(0);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();

        router.command(new MediaCommand.RemoteDescription(id, 1, new Description(Description.Type.OFFER, 1, sdp)));

        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(ALLOCATED_BYTES_MAX);
        assertThat(router.events(MediaEvent.LocalDescription.class, id)).hasSize(1);
        assertThat(received()).isEqualTo(RECEIVED_MAX);
        assertThat(router.drops("received_tracks_max")).isEqualTo(TRACKS - RECEIVED_MAX);
    }

    /** Tests a second offer that replaces all SSRCs, so that the router removes all old entries from its tables. */
    @Test
    void twoOffersWithOtherSsrcsLeaveTheLaterOnes() {
        router.command(new MediaCommand.OpenTransport(id, 1, Set.of(VideoCodec.values()), null, false));
        for (int revision = 1; revision <= 2; revision++) {
            Description description = new Description(Description.Type.OFFER, revision, offer(revision * 100_000L));
            router.command(new MediaCommand.RemoteDescription(id, 1, description));
        }

        assertThat(router.events(MediaEvent.LocalDescription.class, id)).hasSize(2);
        assertThat(received()).isEqualTo(RECEIVED_MAX);
    }

    /**
     * Tests offers whose SSRCs all fell into one slot of an earlier SSRC table. With that table, two such offers held
     * the loop of this call for 10 to 20 s.
     */
    @Test
    void aCallInTheSameRoomGoesOnBesideOffersOfCollidingSsrcs() {
        Calls call = new Calls(5);
        SimulatedPeer alice = call.room.joined("alice");
        SimulatedPeer bob = call.room.joined("bob");
        call.publishVideo(alice, 3);
        String video = call.subscribeVideo(bob, alice);
        call.awaitFrames(bob, video, 30);
        call.router.command(new MediaCommand.OpenTransport(id, 1, Set.of(VideoCodec.values()), null, false));
        for (int revision = 1; revision <= 4; revision++) {
            Description description =
                    new Description(Description.Type.OFFER, revision, offer(revision % 2 * 10_000L, true));
            call.router.command(new MediaCommand.RemoteDescription(id, 1, description));
            call.simulation.runMs(500);
        }

        assertThat(call.router.events(MediaEvent.LocalDescription.class, id)).hasSize(4);
        Calls.assertUnbroken(bob.received(video));
        assertThat(bob.received(video).lastFrame().captureNanos())
                .isGreaterThan(call.simulation.nowNanos() - 100_000_000L);
        call.router.command(new MediaCommand.CloseTransport(id, 1, false));
        call.closeAndCheckForLeaks(alice, bob);
    }

    private int received() {
        RouterRoomView room =
                router.core().describeRoom("RM1", simulation.nowNanos()).orElseThrow();
        return room.transports().get(0).received().size();
    }

    private static String offer(long ssrcs) {
        return offer(ssrcs, false);
    }

    private static long ssrc(long number, boolean colliding) {
        if (!colliding) {
            return number;
        }
        // An earlier table chose the slot by bits 7 to 21 of the SSRC multiplied by 0x9E3779B1. These bits are equal
        // for all SSRCs made here.
        int product = (int) ((number & 0x7F) | (number >>> 7) << 22);
        return Integer.toUnsignedLong(product * 0x0E8B2F51);
    }

    private static String offer(long ssrcs, boolean colliding) {
        StringBuilder sdp = new StringBuilder("v=0\no=- 1 2 IN IP4 127.0.0.1\ns=-\nt=0 0\na=group:BUNDLE");
        for (int i = 0; i < TRACKS; i++) {
            sdp.append(' ').append(i);
        }
        for (int i = 0; i < TRACKS; i++) {
            long first = ssrcs + 6L * i;
            sdp.append("\nm=video 9 UDP/TLS/RTP/SAVPF 96 97\na=mid:").append(i);
            if (i == 0) {
                sdp.append("\na=ice-ufrag:ufrag\na=ice-pwd:a-password-of-24-letters");
                sdp.append("\na=fingerprint:sha-256 ").append("AA:".repeat(31)).append("AA\na=setup:actpass");
            }
            sdp.append("\na=rtpmap:96 VP8/90000\na=rtpmap:97 rtx/90000\na=fmtp:97 apt=96\na=msid:- t")
                    .append(i);
            for (int encoding = 0; encoding < 3; encoding++) {
                sdp.append("\na=ssrc-group:FID ")
                        .append(first + encoding)
                        .append(' ')
                        .append(first + 3 + encoding);
            }
            sdp.append("\na=ssrc-group:SIM");
            for (int encoding = 0; encoding < 3; encoding++) {
                sdp.append(' ').append(ssrc(first + encoding, colliding));
            }
        }
        return sdp.append('\n').toString();
    }
}
