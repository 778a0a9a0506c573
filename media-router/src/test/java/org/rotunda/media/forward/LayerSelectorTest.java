package org.rotunda.media.forward;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.rotunda.media.codec.Codec;
import org.rotunda.media.rtp.ExtensionLayout;

/** Tests the choice of the forwarded encoding and the requests for key frames. The tests use a whole ForwardedTrack. */
class LayerSelectorTest {
    private static final long MS = 1_000_000L;

    private final List<Integer> requests = new ArrayList<>();
    private final SourceTrack source =
            new SourceTrack(true, 3, new PayloadTypes().with(Vp8Packets.PAYLOAD_TYPE, Codec.VP8), 0, new SourceClock());
    private final EgressParameters parameters = EgressParameters.builder(1, ExtensionLayout.NONE)
            .codec(Codec.VP8, 96)
            .build();
    private final ForwardedTrack track =
            new ForwardedTrack(source, parameters, (encoding, nowNanos) -> requests.add(encoding), new Random(1));
    private final EgressPacket egress = new EgressPacket();
    private final int[] sequenceNumbers = {100, 200, 300};
    private long nowNanos = 10_000 * MS;

    @BeforeEach
    void desireEverything() {
        track.setDesired(2, 2, false, nowNanos);
    }

    @Test
    void asksForNothingWhileNothingFlows() {
        assertThat(requests).isEmpty();
        assertThat(track.nextDeadlineNanos()).isEqualTo(Long.MAX_VALUE);
        assertThat(track.targetEncoding()).isEqualTo(ForwardedTrack.NONE);
    }

    @Test
    void beginsWithAKeyFrameOnly() {
        assertThat(delta(0)).isFalse();
        assertThat(requests).containsExactly(0);
        assertThat(keyFrame(0)).isTrue();
        assertThat(delta(0)).isTrue();
        assertThat(track.currentEncoding()).isZero();
        assertThat(track.dropped(ForwardDrop.NOT_SELECTED)).isEqualTo(1);
    }

    @Test
    void asksForNoKeyFrameWhenOneIsAtHand() {
        keyFrame(0);
        keyFrame(1);
        keyFrame(2);

        assertThat(track.currentEncoding()).isEqualTo(2);
        assertThat(requests).isEmpty();
    }

    @Test
    void takesALowerEncodingWhileItHasNothingToShow() {
        delta(2);
        assertThat(keyFrame(1)).isTrue();
        assertThat(track.currentEncoding()).isEqualTo(1);
        assertThat(track.targetEncoding()).isEqualTo(2);
        assertThat(requests).containsExactly(2); // Encoding 2 stays the target, so only its key frame is requested.
    }

    @Test
    void keepsTheOldEncodingUntilTheTargetsKeyFrame() {
        startAtTop();
        track.setDesired(0, 2, false, nowNanos);

        assertThat(requests).containsExactly(0);
        assertThat(delta(2)).isTrue();
        assertThat(keyFrame(1)).isFalse(); // This encoding is not the target.
        assertThat(delta(0)).isFalse();
        assertThat(keyFrame(0)).isTrue();
        assertThat(delta(2)).isFalse();
        assertThat(track.currentEncoding()).isZero();
    }

    @Test
    void forwardsOnlyTheBaseLayerWhileADowngradeIsPending() {
        startAtTop();
        track.setDesired(0, 2, false, nowNanos);

        assertThat(send(2, Vp8Packets.delta(sequenceNumbers[2]++, timestamp(), 20, 1)))
                .isFalse();
        assertThat(send(2, Vp8Packets.delta(sequenceNumbers[2]++, timestamp(), 21, 0)))
                .isTrue();
    }

    @Test
    void goesUpInTimeOnlyWhereDecodingMayBegin() {
        startAtTop();
        track.setDesired(2, 0, false, nowNanos);
        assertThat(send(2, Vp8Packets.delta(sequenceNumbers[2]++, timestamp(), 20, 2)))
                .isFalse();

        track.setDesired(2, 2, false, nowNanos);
        assertThat(send(2, Vp8Packets.delta(sequenceNumbers[2]++, timestamp(), 21, 2)))
                .isFalse(); // The packet lacks the layer-sync bit.
        ByteBuf sync = Vp8Packets.delta(sequenceNumbers[2]++, timestamp(), 22, 1);
        sync.setByte(17, 0x60); // Sets temporal layer 1 and the layer-sync bit (Y).
        assertThat(send(2, sync)).isTrue();
        assertThat(track.currentTemporalLayer()).isEqualTo(1);
        assertThat(send(2, Vp8Packets.delta(sequenceNumbers[2]++, timestamp(), 23, 0)))
                .isTrue();
        assertThat(send(2, Vp8Packets.delta(sequenceNumbers[2]++, timestamp(), 24, 2)))
                .isTrue();
        assertThat(track.currentTemporalLayer()).isEqualTo(2);
    }

    @Test
    void asksAgainAtGrowingIntervals() {
        delta(0);
        long start = nowNanos;
        List<Long> times = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            nowNanos = track.nextDeadlineNanos();
            delta(0); // This packet keeps the encoding active.
            int before = requests.size();
            track.onTimeout(nowNanos);
            if (requests.size() > before) {
                times.add((nowNanos - start) / MS);
            }
        }
        assertThat(times).startsWith(500L, 1_500L);
        assertThat(requests).containsOnly(0);
    }

    @Test
    void asksForNothingOnceItForwardsTheTarget() {
        startAtTop();
        requests.clear();
        for (int i = 0; i < 300; i++) {
            pass(33);
            delta(2);
            delta(1);
            delta(0);
        }
        assertThat(requests).isEmpty();
    }

    @Test
    void fallsBackWhenTheTargetMissesFrames() {
        startAtTop();
        for (int i = 0; i < 30; i++) {
            pass(33);
            delta(0);
            delta(1);
            delta(2);
        }
        requests.clear();
        long switches = track.layerSwitches();
        for (int i = 0; i < 4; i++) {
            assertThat(requests).isEmpty();
            pass(33);
            delta(0);
            delta(1);
        }
        assertThat(source.encoding(2).isActive()).isFalse();
        assertThat(track.targetEncoding()).isEqualTo(1);
        assertThat(requests).containsExactly(1);
        assertThat(keyFrame(1)).isTrue();

        assertThat(keyFrame(2)).isTrue(); // The encoding is active again.
        assertThat(track.currentEncoding()).isEqualTo(2);
        assertThat(track.layerSwitches() - switches).isEqualTo(2);
    }

    @Test
    void goesOnWithTheSameEncodingIfItWasMissedByMistake() {
        startAtTop();
        while (source.encoding(2).isActive()) {
            pass(33);
            delta(1);
            delta(0);
        }
        assertThat(delta(2)).isTrue();
        assertThat(track.targetEncoding()).isEqualTo(2);
        assertThat(keyFrame(1)).isFalse();
    }

    @Test
    void goesOnWithoutAKeyFrameWhenAStillScreenMovesAgain() {
        for (int first = 0; first < 3; first++) {
            startAtTop();
            requests.clear();
            pass(10_000);
            assertThat(source.encoding(2).isActive()).isFalse();

            // Any encoding may be the first to send again.
            assertThat(delta(first)).isEqualTo(first == 2);
            assertThat(delta(2)).isTrue();
            assertThat(requests).isEmpty();
        }
    }

    @Test
    void missesAnEncodingThatDoesNotMoveAgainWithTheScreen() {
        startAtTop();
        pass(10_000);
        requests.clear();
        for (int i = 0; i < 6; i++) {
            delta(0);
            delta(1);
            pass(100);
        }
        assertThat(track.targetEncoding()).isEqualTo(1);
        assertThat(requests).startsWith(1);
    }

    @Test
    void asksForThePictureOfAStillScreen() {
        keyFrame(0);
        keyFrame(1);
        keyFrame(2);
        track.setDesired(2, 2, true, nowNanos);
        pass(10_000);
        requests.clear();

        track.setDesired(2, 2, false, nowNanos);

        assertThat(requests).containsExactly(2);
        assertThat(keyFrame(2)).isTrue();
    }

    @Test
    void sendsAllTemporalLayersWhileAnUpgradeIsPending() {
        track.setDesired(0, 0, false, nowNanos);
        keyFrame(0);
        assertThat(send(0, Vp8Packets.delta(sequenceNumbers[0]++, timestamp(), 20, 0)))
                .isTrue();
        assertThat(send(0, Vp8Packets.delta(sequenceNumbers[0]++, timestamp(), 21, 2)))
                .isFalse();
        delta(1);
        track.setDesired(1, 0, false, nowNanos);

        assertThat(send(0, Vp8Packets.delta(sequenceNumbers[0]++, timestamp(), 22, 0)))
                .isTrue();
        assertThat(send(0, Vp8Packets.delta(sequenceNumbers[0]++, timestamp(), 23, 2)))
                .isTrue();
    }

    @Test
    void jumpsStraightToTheHighestEncoding() {
        track.setDesired(0, 2, false, nowNanos);
        keyFrame(0);
        delta(1);
        delta(2);
        track.setDesired(2, 2, false, nowNanos);

        assertThat(keyFrame(1)).isFalse();
        assertThat(delta(0)).isTrue();
        assertThat(keyFrame(2)).isTrue();
        assertThat(track.currentEncoding()).isEqualTo(2);
    }

    @Test
    void forwardsNothingWhilePausedAndResumesWithAKeyFrame() {
        startAtTop();
        requests.clear();
        track.setDesired(2, 2, true, nowNanos);
        assertThat(keyFrame(2)).isFalse();
        assertThat(track.currentEncoding()).isEqualTo(ForwardedTrack.NONE);
        assertThat(requests).isEmpty();

        track.setDesired(2, 2, false, nowNanos);
        assertThat(requests).containsExactly(2);
        assertThat(delta(2)).isFalse();
        assertThat(keyFrame(2)).isTrue();
    }

    @Test
    void asksForAKeyFrameWhenADecoderIsLost() {
        startAtTop();
        requests.clear();
        track.onPictureLoss(nowNanos);
        assertThat(requests).containsExactly(2);

        track.setDesired(2, 2, true, nowNanos);
        track.onPictureLoss(nowNanos);
        assertThat(requests).containsExactly(2);
    }

    @Test
    void beginsAnewWhenThePublishersStreamsAreReplaced() {
        startAtTop();
        requests.clear();
        source.reset();
        assertThat(delta(2)).isFalse();
        assertThat(requests).containsExactly(2);
        assertThat(keyFrame(2)).isTrue();
    }

    private void startAtTop() {
        keyFrame(0);
        keyFrame(1);
        keyFrame(2);
        assertThat(track.currentEncoding()).isEqualTo(2);
    }

    private void pass(long ms) {
        long until = nowNanos + ms * MS;
        while (track.nextDeadlineNanos() <= until) {
            nowNanos = Math.max(nowNanos, track.nextDeadlineNanos());
            track.onTimeout(nowNanos);
        }
        nowNanos = until;
    }

    private boolean keyFrame(int encoding) {
        int number = sequenceNumbers[encoding]++;
        return send(encoding, Vp8Packets.keyFrame(number, timestamp(), number & 0x7FFF));
    }

    private boolean delta(int encoding) {
        int number = sequenceNumbers[encoding]++;
        return send(encoding, Vp8Packets.delta(number, timestamp(), number & 0x7FFF, 0));
    }

    private int timestamp() {
        return (int) (nowNanos / MS * 90);
    }

    private boolean send(int encoding, ByteBuf bytes) {
        SourcePacket packet = requireNonNull(source.onPacket(encoding, bytes, nowNanos));
        return track.onSourcePacket(packet, egress);
    }
}
