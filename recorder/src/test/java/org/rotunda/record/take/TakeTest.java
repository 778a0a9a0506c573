package org.rotunda.record.take;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.rotunda.media.codec.Codec;
import org.rotunda.record.frames.FrameDrop;
import org.rotunda.record.matroska.MatroskaReader;
import org.rotunda.record.matroska.MatroskaRepair;
import org.rotunda.record.testkit.Packetizer;
import org.rotunda.record.testkit.TakeRig;

/** What a take decides, with frames that only look like frames. */
class TakeTest {
    private static final byte[] KEY = ByteBufUtil.decodeHexDump("f00100" + "9d012a80026801" + "0102");
    private static final byte[] DELTA = {0x31, 2, 3};

    private static void vp8(TakeRig rig, double ms, long sequence, byte[] frame) {
        rig.packetAt(
                ms,
                sequence,
                (int) (90 * ms),
                true,
                Packetizer.vp8(frame, (int) sequence).get(0));
    }

    private static void opus(TakeRig rig, double ms, long sequence, int rtpMs) {
        byte[] packet = {(byte) 0xF8, 1, 2, 3, 4, 5};
        rig.packetAt(ms, sequence, 48 * rtpMs, false, Unpooled.wrappedBuffer(packet));
    }

    private static List<Long> timestamps(TakeRig rig) throws IOException {
        List<Long> result = new ArrayList<>();
        MatroskaReader reader = MatroskaReader.open(rig.file());
        while (reader != null && reader.next()) {
            result.add(reader.timestampMs());
        }
        return result;
    }

    @Test
    void withoutAKeyFrameThereIsNoRecording() {
        TakeRig rig = new TakeRig(Codec.VP8);
        for (int i = 0; i < 50; i++) {
            vp8(rig, 100 + 100 * i, 1 + i, DELTA);
        }
        rig.runTo(5_300);
        assertThat(rig.take().state()).isEqualTo(TakeState.WAITING);
        assertThat(rig.keyFrameRequests).containsExactly(0L, 1_000L, 2_000L, 3_000L, 4_000L, 5_000L);
        assertThat(rig.acknowledged).as("what is given up is acknowledged").contains(51L);
        rig.closeAt(5_400);
        assertThat(rig.startMs).isEqualTo(-1);
        assertThat(rig.file().lengthBytes()).isZero();
    }

    @Test
    void aKeyFrameIsAskedForWhenNoneCameForLong() {
        TakeRig rig = new TakeRig(Codec.VP8);
        vp8(rig, 100, 1, KEY);
        for (int i = 1; i < 700; i++) {
            vp8(rig, 100 + 50 * i, 1 + i, DELTA);
        }
        rig.runTo(34_000);
        assertThat(rig.keyFrameRequests).hasSizeGreaterThan(1);
        assertThat(rig.keyFrameRequests.get(1)).isBetween(30_000L, 30_200L);

        TakeRig never = new TakeRig(Codec.VP8, new TakeSettings(Duration.ofMillis(500), Duration.ZERO, true));
        vp8(never, 100, 1, KEY);
        never.runTo(100_000);
        assertThat(never.keyFrameRequests).containsExactly(0L);
    }

    @Test
    void theFirstFramesWaitForAReport() throws IOException {
        TakeRig rig = new TakeRig(Codec.OPUS);
        opus(rig, 100, 1, 0);
        opus(rig, 120, 2, 20);
        rig.clockAt(900, 0, 40);
        rig.runTo(899);
        assertThat(rig.startMs).isEqualTo(-1);
        rig.runTo(901);
        assertThat(rig.startMs).isEqualTo(40);
        rig.closeAt(1_000);
        assertThat(timestamps(rig)).startsWith(40L, 60L);
    }

    @Test
    void withoutAReportTheArrivalDecidesAfterAWhile() {
        TakeRig rig = new TakeRig(Codec.OPUS);
        opus(rig, 100, 1, 0);
        rig.runTo(1_599);
        assertThat(rig.startMs).isEqualTo(-1);
        rig.runTo(1_601);
        assertThat(rig.startMs).isEqualTo(100);
    }

    @Test
    void anotherStreamGoesOnInTheTimeOfTheRoom() throws IOException {
        TakeRig rig = new TakeRig(Codec.OPUS);
        rig.clockAt(10, 0, 100);
        opus(rig, 100, 1_000, 0);
        opus(rig, 120, 1_001, 20);
        rig.at(2_000, () -> rig.take().onGeneration(rig.nowNanos()));
        rig.clockAt(2_100, 48 * 7_000, 2_150);
        opus(rig, 2_160, 1, 7_000);
        opus(rig, 2_180, 2, 7_020);
        rig.closeAt(2_200);
        List<Long> timestamps = timestamps(rig);
        assertThat(timestamps).startsWith(100L, 120L, 140L).contains(2_150L, 2_170L);
        assertThat(rig.take().statistics().holes()).isOne();
        assertThat(rig.take().statistics().holeMs()).isEqualTo(2_010);
    }

    @Test
    void anotherStreamOfVideoBeginsWithAKeyFrame() {
        TakeRig rig = new TakeRig(Codec.VP8);
        vp8(rig, 100, 1, KEY);
        rig.at(200, () -> rig.take().onGeneration(rig.nowNanos()));
        vp8(rig, 300, 1, DELTA);
        vp8(rig, 400, 2, KEY);
        rig.closeAt(2_500);
        assertThat(rig.take().statistics().frames()).isEqualTo(2);
        assertThat(rig.keyFrameRequests).contains(200L);
    }

    @Test
    void aTakeWithoutMediaIsStalled() {
        TakeRig rig = new TakeRig(Codec.OPUS);
        opus(rig, 100, 1, 0);
        rig.runTo(10_099);
        assertThat(rig.take().state()).isEqualTo(TakeState.WRITING);
        rig.runTo(10_101);
        assertThat(rig.take().state()).isEqualTo(TakeState.STALLED);
        opus(rig, 11_000, 2, 10_900);
        rig.runTo(11_300);
        assertThat(rig.take().state()).isEqualTo(TakeState.WRITING);
    }

    @Test
    void aDiskThatIsTooSlowStopsAcknowledgmentsAndThenCostsFrames() throws IOException {
        TakeRig rig = new TakeRig(Codec.VP8);
        rig.diskNanos = 30_000_000_000L;
        rig.clockAt(10, 900, 10); // Nothing waits for a report.
        byte[] large = new byte[100_000];
        large[0] = 0x31;
        vp8(rig, 50, 1, KEY);
        long sequence = 2;
        for (int i = 0; i < 200; i++) {
            List<ByteBuf> payloads = Packetizer.vp8(large, 2 + i);
            for (int p = 0; p < payloads.size(); p++) {
                rig.packetAt(100 + 40 * i, sequence++, 90 * (100 + 40 * i), p == payloads.size() - 1, payloads.get(p));
            }
        }
        rig.runTo(10_000);
        assertThat(rig.acknowledged).as("nothing is in the file").allMatch(acknowledged -> acknowledged <= 2);
        assertThat(rig.unwrittenMax).isLessThan(Take.UNWRITTEN_BYTES_MAX + 1_200_000);
        assertThat(rig.take().drops(FrameDrop.SLOW_DISK)).isPositive();
        assertThat(rig.keyFrameRequests).hasSizeGreaterThan(1);
        rig.diskNanos = 0;
        rig.closeAt(10_100);
        assertThat(MatroskaRepair.repair(rig.file()).frames())
                .isEqualTo(rig.take().statistics().frames());
    }

    @Test
    void everyFlushWithinACrashIsInTheFile() throws IOException {
        TakeRig rig = new TakeRig(Codec.OPUS);
        rig.clockAt(10, 0, 100);
        for (int i = 0; i < 200; i++) {
            opus(rig, 100 + 20 * i, 1 + i, 20 * i);
        }
        rig.runTo(4_000);
        MatroskaRepair.Result result = MatroskaRepair.repair(rig.file());
        assertThat(result.endMs()).as("at most the flush interval is lost").isBetween(3_400L, 4_020L);
        rig.take().abandon();
    }

    @Test
    void packetsAfterTheEndAreNotTaken() {
        TakeRig rig = new TakeRig(Codec.OPUS);
        opus(rig, 100, 1, 0);
        rig.closeAt(200);
        long bytes = rig.file().lengthBytes();
        opus(rig, 70_000, 2, 100);
        rig.runTo(80_000);
        assertThat(rig.file().lengthBytes()).isEqualTo(bytes);
        assertThat(rig.take().state()).isEqualTo(TakeState.CLOSED);
    }

    @Test
    void settingsAreChecked() {
        assertThatThrownBy(() -> new TakeSettings(Duration.ZERO, Duration.ZERO, true))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("flush-interval");
        assertThatThrownBy(() -> new TakeSettings(Duration.ofMillis(500), Duration.ofSeconds(-1), true))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("key-frame-interval");
    }
}
