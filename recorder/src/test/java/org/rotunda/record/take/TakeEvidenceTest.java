package org.rotunda.record.take;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rotunda.media.codec.Codec;
import org.rotunda.record.frames.FrameDrop;
import org.rotunda.record.matroska.MatroskaReader;
import org.rotunda.record.testkit.Material;
import org.rotunda.record.testkit.Packetizer;
import org.rotunda.record.testkit.Program;
import org.rotunda.record.testkit.RecordedFile;
import org.rotunda.record.testkit.TakeRig;

/** Records real media under everything that a network and a browser do, and has ffmpeg decode the files. */
class TakeEvidenceTest {
    private static final int FRAME_MS = 40;
    private static final int VIDEO_TICKS_PER_MS = 90;
    private static final int AUDIO_TICKS_PER_MS = 48;

    private static List<byte[]> vp8;
    private static List<byte[]> vp8Small;
    private static List<byte[]> vp8Tall;
    private static List<byte[]> h264;
    private static List<byte[]> h264Small;
    private static List<byte[]> opus;

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets the field before every test.
    private Path folder;

    @BeforeAll
    static void makeMedia() {
        vp8 = Material.vp8(320, 240, 25, 250, 50);
        vp8Small = Material.vp8(160, 120, 25, 50, 25);
        vp8Tall = Material.vp8(240, 320, 25, 50, 25);
        h264 = Material.h264(320, 240, 25, 100, 25);
        h264Small = Material.h264(160, 120, 25, 50, 25);
        opus = Material.opus(5_000, true);
    }

    private RecordedFile store(TakeRig rig, String ending) {
        return rig.store(folder.resolve("RT." + ending));
    }

    private static long lengthMs(Take take) {
        return take.statistics().endMs() - take.statistics().startMs();
    }

    @Test
    void videoIsRecordedFrameByFrame() {
        TakeRig rig = new TakeRig(Codec.VP8);
        rig.clockAt(500, 7_000_000, 500); // The first frame was captured 12 ms before it arrived.
        long sequence = 100;
        for (int i = 0; i < vp8.size(); i++) {
            sequence = sendVp8(rig, 512 + FRAME_MS * i, sequence, 7_000_000 + 3_600 * i, vp8.get(i), i);
        }
        Take take = rig.closeAt(11_000);

        RecordedFile file = store(rig, "mkv").isSound("vp8", lengthMs(take));
        assertThat(file.frameSizes()).hasSize(vp8.size()).containsOnly("320x240");
        assertThat(rig.startMs).isEqualTo(500);
        assertThat(rig.width).isEqualTo(320);
        assertThat(rig.height).isEqualTo(240);
        assertThat(file.packets().get(0).seconds()).isEqualTo(0.5);
        assertThat(rig.keyFrameRequests).containsExactly(0L);
        assertThat(rig.acknowledged).isSorted();
        assertThat(rig.acknowledged.get(rig.acknowledged.size() - 1)).isEqualTo(sequence);
        assertThat(take.statistics().droppedFrames()).isZero();
    }

    private static long sendVp8(TakeRig rig, double ms, long sequence, int timestamp, byte[] frame, int pictureId) {
        List<ByteBuf> payloads = Packetizer.vp8(frame, pictureId);
        for (int i = 0; i < payloads.size(); i++) {
            rig.packetAt(ms + 0.1 * i, sequence + i, timestamp, i == payloads.size() - 1, payloads.get(i));
        }
        return sequence + payloads.size();
    }

    /** Sends the frames through a network that loses, repeats and reorders; lost packets come back if {@code rtx}. */
    private static TakeRig sendThroughBadNetwork(List<byte[]> frames, Codec codec, boolean rtx, long seed) {
        TakeRig rig = new TakeRig(codec);
        Random random = new Random(seed);
        long sequence = 1;
        for (int i = 0; i < frames.size(); i++) {
            List<ByteBuf> payloads =
                    codec == Codec.VP8 ? Packetizer.vp8(frames.get(i), i) : Packetizer.h264(frames.get(i));
            for (int p = 0; p < payloads.size(); p++) {
                double ms = 10 + FRAME_MS * i + 0.1 * p;
                boolean marker = p == payloads.size() - 1;
                boolean lost = random.nextInt(100) < 5;
                double delay = random.nextInt(100) < 10 ? random.nextInt(60) : 0;
                if (!lost || rtx) {
                    double repaired = lost ? 100 + random.nextInt(150) : delay;
                    rig.packetAt(ms + repaired, sequence, 3_600 * i, marker, payloads.get(p));
                }
                if (random.nextInt(100) < 3) {
                    rig.packetAt(ms + 5, sequence, 3_600 * i, marker, payloads.get(p));
                }
                sequence++;
            }
        }
        return rig;
    }

    @Test
    void lossReorderAndDuplicationWithRtxCostNothing() {
        for (Codec codec : List.of(Codec.VP8, Codec.H264)) {
            List<byte[]> frames = codec == Codec.VP8 ? vp8 : h264;
            TakeRig rig = sendThroughBadNetwork(frames, codec, true, 3);
            Take take = rig.closeAt(FRAME_MS * frames.size() + 1_000);
            RecordedFile file = store(rig, "mkv").isSound(codec == Codec.VP8 ? "vp8" : "h264", lengthMs(take));
            assertThat(file.frameSizes().size()).isGreaterThanOrEqualTo((int) (0.995 * frames.size()));
            assertThat(take.statistics().duplicates()).isPositive();
        }
    }

    @Test
    void lossWithoutRtxNeverCausesADecodeError() {
        for (long seed = 0; seed < 3; seed++) {
            for (Codec codec : List.of(Codec.VP8, Codec.H264)) {
                List<byte[]> frames = codec == Codec.VP8 ? vp8 : h264;
                TakeRig rig = sendThroughBadNetwork(frames, codec, false, seed);
                Take take = rig.closeAt(FRAME_MS * frames.size() + 2_000);
                store(rig, "mkv").isSound(codec == Codec.VP8 ? "vp8" : "h264", lengthMs(take));
                assertThat(take.statistics().missing()).isPositive();
                assertThat(take.drops(FrameDrop.BEFORE_KEY_FRAME)).isPositive();
                assertThat(take.statistics().longestWaitMs()).isPositive();
                assertThat(rig.keyFrameRequests).hasSizeGreaterThan(1);
            }
        }
    }

    @Test
    void simulcastSwitchesAndRotationsChangeTheSizeInTheFile() {
        TakeRig rig = new TakeRig(Codec.VP8);
        long sequence = 1;
        List<String> expected = new ArrayList<>();
        int frame = 0;
        for (int turn = 0; turn < 22; turn++) {
            boolean isTall = turn == 7 || turn == 14;
            List<byte[]> layer = isTall ? vp8Tall : turn % 2 == 0 ? vp8 : vp8Small;
            String size = isTall ? "240x320" : turn % 2 == 0 ? "320x240" : "160x120";
            for (int i = 0; i < 12; i++) {
                sequence = sendVp8(rig, 10 + FRAME_MS * frame, sequence, 3_600 * frame, layer.get(i), frame);
                frame++;
                expected.add(size);
            }
        }
        Take take = rig.closeAt(FRAME_MS * frame + 100);
        RecordedFile file = store(rig, "mkv").isSound("vp8", lengthMs(take));
        assertThat(file.frameSizes()).isEqualTo(expected);
    }

    @Test
    void h264ChangesItsParameterSets() {
        TakeRig rig = new TakeRig(Codec.H264);
        long sequence = 1;
        int frame = 0;
        List<String> expected = new ArrayList<>();
        for (int turn = 0; turn < 6; turn++) {
            List<byte[]> layer = turn % 2 == 0 ? h264 : h264Small;
            for (int i = 0; i < 25; i++) {
                for (List<ByteBuf> payloads = Packetizer.h264(layer.get(i)); !payloads.isEmpty(); ) {
                    ByteBuf payload = payloads.remove(0);
                    rig.packetAt(10 + FRAME_MS * frame, sequence++, 3_600 * frame, payloads.isEmpty(), payload);
                }
                expected.add(turn % 2 == 0 ? "320x240" : "160x120");
                frame++;
            }
        }
        Take take = rig.closeAt(FRAME_MS * frame + 100);
        RecordedFile file = store(rig, "mkv").isSound("h264", lengthMs(take));
        assertThat(file.frameSizes()).isEqualTo(expected);
    }

    @Test
    void h264WhoseParameterSetsCameOnceCanBeEnteredAtEachKeyFrame() {
        TakeRig rig = new TakeRig(Codec.H264);
        long sequence = 1;
        for (int i = 0; i < h264.size(); i++) {
            List<ByteBuf> payloads = Packetizer.h264(h264.get(i));
            if (i > 0 && (payloads.get(0).getByte(0) & 0x1F) == 24 && payloads.size() > 1) {
                payloads.remove(0); // The STAP-A with the parameter sets.
            }
            while (!payloads.isEmpty()) {
                ByteBuf payload = payloads.remove(0);
                rig.packetAt(10 + FRAME_MS * i, sequence++, 3_600 * i, payloads.isEmpty(), payload);
            }
        }
        Take take = rig.closeAt(FRAME_MS * h264.size());
        store(rig, "mkv").isSound("h264", lengthMs(take));
        assertThat(take.statistics().keyFrames()).isEqualTo(4);
    }

    @Test
    void aCallWithMuchSilenceIsAsLongAsItWas() {
        // Five minutes: a fifth of it speech; DTX leaves one packet each 400 ms in between.
        TakeRig rig = new TakeRig(Codec.OPUS);
        Random random = new Random(5);
        long sequence = 1;
        int callMs = 300_000;
        rig.clockAt(30, 0, 20);
        for (int ms = 0; ms < callMs; ) {
            boolean speech = ms / 2_000 % 5 == 0;
            boolean isLost = random.nextInt(100) < 1;
            byte[] packet = speech ? opus.get(ms / 20 % opus.size()) : new byte[] {(byte) 0xF8};
            if (!isLost) {
                rig.packetAt(30 + ms, sequence, AUDIO_TICKS_PER_MS * ms, false, Unpooled.wrappedBuffer(packet));
            }
            sequence++;
            ms += speech ? 20 : 400;
        }
        Take take = rig.closeAt(callMs + 20);
        RecordedFile file = store(rig, "mka").isSound("opus", callMs);
        assertThat(lengthMs(take)).isCloseTo(callMs, within(100L));
        for (String decoder : List.of("opus", "libopus")) {
            assertThat(decodedMs(decoder)).as(decoder).isCloseTo(callMs, within(100L));
        }
        assertThat(take.statistics().filledMs()).isGreaterThan(200_000);
        assertThat(file.packets()).hasSizeGreaterThan(14_000);
    }

    @Test
    void aMuteOfFiveMinutesIsFilledAlsoAtTheEnd() {
        TakeRig rig = new TakeRig(Codec.OPUS);
        for (int i = 0; i < 100; i++) {
            rig.packetAt(10 + 20 * i, i + 1, 960 * i, false, Unpooled.wrappedBuffer(opus.get(i)));
        }
        for (int i = 0; i < 50; i++) {
            int ms = 302_000 + 20 * i;
            rig.packetAt(10 + ms, 101 + i, 48 * ms, false, Unpooled.wrappedBuffer(opus.get(i)));
        }
        Take take = rig.closeAt(310 + 602_700);
        store(rig, "mka").isSound("opus", 603_000);
        assertThat(lengthMs(take)).isCloseTo(603_000, within(100L));
        assertThat(decodedMs("libopus")).isCloseTo(603_000, within(100L));
        assertThat(rig.unwrittenMax).isLessThan(Take.UNWRITTEN_BYTES_MAX + 1_100_000);
    }

    private long decodedMs(String decoder) {
        Path raw = folder.resolve("raw");
        Program.Result result = Program.run(
                "ffmpeg",
                "-v",
                "error",
                "-y",
                "-c:a",
                decoder,
                "-i",
                folder.resolve("RT.mka").toString(),
                "-f",
                "s16le",
                "-ac",
                "1",
                "-ar",
                "8000",
                raw.toString());
        assertThat(result.errors()).isEmpty();
        return raw.toFile().length() / 16;
    }

    /**
     * Runs ten minutes of audio and video of one participant, and returns the largest offset between them at the end,
     * in ms.
     */
    private static long offsetAfterTenMinutes(double audioPpm, int stallAtMs, int stallMs) throws IOException {
        TakeRig audio = new TakeRig(Codec.OPUS);
        TakeRig video = new TakeRig(Codec.VP8);
        Random random = new Random(9);
        int callMs = 600_000;
        Set<Integer> reports = new HashSet<>();
        long audioSequence = 1;
        double rtp = 1_000_000;
        double lastTrueMs = 0;
        for (int ms = 0; ms < callMs; ) {
            boolean isStalled = ms >= stallAtMs && ms < stallAtMs + stallMs;
            boolean speech = ms / 1_000 % 10 < 9;
            int step = speech ? 20 : 400;
            if (!isStalled) {
                // While the capture stalls, the timestamps stand still.
                boolean isAfterStall = lastTrueMs < stallAtMs && ms >= stallAtMs && stallMs > 0;
                rtp += (isAfterStall ? 20 : ms - lastTrueMs) * AUDIO_TICKS_PER_MS * (1 + audioPpm / 1e6);
                lastTrueMs = ms;
                byte[] packet = speech ? opus.get(ms / 20 % opus.size()) : new byte[] {(byte) 0xF8};
                audio.packetAt(
                        50 + ms + random.nextInt(20),
                        audioSequence++,
                        (int) (long) rtp,
                        false,
                        Unpooled.wrappedBuffer(packet));
                if (reports.add(ms / 1_000)) {
                    audio.clockAt(60 + ms, (int) (long) rtp, ms + 5);
                }
            }
            ms += step;
        }
        byte[] key = vp8.get(0);
        long sequence = 1;
        for (int ms = 0; ms < callMs; ms += 1_000) {
            sequence = sendVp8(video, 50 + ms + random.nextInt(20), sequence, 90 * ms, key, ms / 1_000);
            video.clockAt(60 + ms, VIDEO_TICKS_PER_MS * ms, ms + 5);
        }
        audio.closeAt(callMs + 100);
        video.closeAt(callMs + 100);
        // The last packet of both was captured at a known time.
        long audioError = lastFrameMs(audio) - (long) lastTrueMs - 5;
        long videoError = lastFrameMs(video) - (callMs - 1_000) - 5;
        assertThat(Math.abs(videoError)).isLessThanOrEqualTo(40);
        return Math.abs(audioError - videoError);
    }

    /** Returns the timestamp of the last frame that was received; after it only silence may stand. */
    private static long lastFrameMs(TakeRig rig) throws IOException {
        MatroskaReader reader = Objects.requireNonNull(MatroskaReader.open(rig.file()));
        long lastMs = -1;
        while (reader != null && reader.next()) {
            if (reader.frameBytes() != 3) {
                lastMs = reader.timestampMs();
            }
        }
        return lastMs;
    }

    @Test
    void aClockThatDriftsByTwoHundredMillionthsIsCorrected() throws IOException {
        assertThat(offsetAfterTenMinutes(200, Integer.MAX_VALUE, 0)).isLessThan(60);
        assertThat(offsetAfterTenMinutes(-200, Integer.MAX_VALUE, 0)).isLessThan(60);
    }

    @Test
    void aCaptureThatStallsDoesNotMoveTheRest() throws IOException {
        assertThat(offsetAfterTenMinutes(0, 200_000, 18_000)).isLessThan(60);
    }
}
