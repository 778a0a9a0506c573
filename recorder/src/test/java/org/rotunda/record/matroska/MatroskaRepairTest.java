package org.rotunda.record.matroska;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.rotunda.record.testkit.MemoryFile;

class MatroskaRepairTest {
    private static final int CASES = 10_000;
    private static final MediaTrack TRACK = MediaTrack.vp8("camera", 640, 480);

    @Test
    void aRepairWritesWhatCloseWouldHaveWritten() throws IOException {
        MemoryFile closed = new MemoryFile();
        MatroskaWriter first = SampleFiles.writer(TRACK, closed);
        SampleFiles.writeVideo(first, 90, 25);
        first.close();

        MemoryFile open = new MemoryFile();
        MatroskaWriter second = SampleFiles.writer(TRACK, open);
        SampleFiles.writeVideo(second, 90, 25);
        second.flush();
        second.abandon();
        MatroskaRepair.Result result = MatroskaRepair.repair(open);

        assertThat(open.bytes()).isEqualTo(closed.bytes());
        assertThat(result.outcome()).isEqualTo(MatroskaRepair.Outcome.COMPLETE);
        assertThat(result.startMs()).isEqualTo(1_500);
        assertThat(result.endMs()).isEqualTo(first.endMs());
        assertThat(result.frames()).isEqualTo(90);
        assertThat(result.cutBytes()).isZero();
    }

    @Test
    void audioSaysItsLengthItself() throws IOException {
        MemoryFile file = new MemoryFile();
        MatroskaWriter writer = SampleFiles.writer(MediaTrack.opus("microphone", 2), file);
        writer.frame(0, true, Unpooled.wrappedBuffer(new byte[] {(byte) 0xF8, -1, -2}));
        writer.frame(500, true, Unpooled.wrappedBuffer(new byte[] {0x1B, 2, 1, 1})); // Two frames of 60 ms.
        writer.flush();
        writer.abandon();
        assertThat(MatroskaRepair.repair(file).endMs()).isEqualTo(620);
    }

    @Test
    void noWholeBlockIsLostNoneIsInventedByATruncation() throws IOException {
        MemoryFile whole = new MemoryFile();
        MatroskaWriter writer = SampleFiles.writer(TRACK, whole);
        List<SampleFiles.Block> blocks = SampleFiles.writeVideo(writer, 150, 25);
        writer.close();
        byte[] bytes = whole.bytes();
        long[] ends = blockEnds(whole, blocks.size());
        Random random = new Random(1);
        for (int i = 0; i < CASES; i++) {
            int length = i < bytes.length ? i : random.nextInt(bytes.length);
            MemoryFile cut = SampleFiles.copy(Arrays.copyOf(bytes, length));
            MatroskaRepair.Result result = MatroskaRepair.repair(cut);

            int expected =
                    (int) Arrays.stream(ends).filter(end -> end <= length).count();
            assertThat(result.frames())
                    .as("frames of the first %d bytes", length)
                    .isEqualTo(expected);
            if (expected == 0) {
                assertThat(result.outcome()).isEqualTo(MatroskaRepair.Outcome.NO_MEDIA);
                assertThat(cut.lengthBytes()).isEqualTo(length);
            } else {
                isWhole(cut);
                assertThat(SampleFiles.read(cut)).isEqualTo(blocks.subList(0, expected));
            }
        }
    }

    @Test
    void aBitThatFlippedNeverMakesARepairFail() throws IOException {
        MemoryFile whole = new MemoryFile();
        MatroskaWriter writer = SampleFiles.writer(TRACK, whole);
        SampleFiles.writeVideo(writer, 150, 25);
        writer.close();
        byte[] bytes = whole.bytes();
        Random random = new Random(2);
        int complete = 0;
        for (int i = 0; i < CASES; i++) {
            byte[] flipped = bytes.clone();
            int bit = i < 8 * 600 ? i : random.nextInt(8 * bytes.length);
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            MemoryFile file = SampleFiles.copy(flipped);
            if (MatroskaRepair.repair(file).outcome() == MatroskaRepair.Outcome.COMPLETE) {
                isWhole(file);
                complete++;
            } else {
                assertThat(file.bytes()).isEqualTo(flipped);
            }
        }
        assertThat(complete).isGreaterThan(CASES / 3);
    }

    /**
     * Asserts that a second repair changes nothing, and that the sizes of segment and clusters are those of the file.
     */
    static void isWhole(MemoryFile file) throws IOException {
        byte[] once = file.bytes();
        MatroskaRepair.Result again = MatroskaRepair.repair(file);
        assertThat(file.bytes()).isEqualTo(once);
        assertThat(again.cutBytes()).isZero();
        MatroskaReader reader = Objects.requireNonNull(MatroskaReader.open(file));
        HeadLayout layout = reader.layout();
        var content = Unpooled.wrappedBuffer(once);
        assertThat(content.getLong((int) layout.segmentSize())).isEqualTo(Ebml.size8(once.length - layout.data()));
        assertThat(content.getInt((int) layout.seekHead())).isEqualTo(Ebml.SEEK_HEAD);
        assertThat(content.getUnsignedShort((int) layout.duration())).isEqualTo(Ebml.DURATION);
        long cluster = -1;
        while (reader.next()) {
            if (reader.isFirstOfCluster() && cluster >= 0) {
                assertClusterSize(once, cluster, reader.clusterPosition());
            }
            cluster = reader.clusterPosition();
        }
        assertClusterSize(once, cluster, reader.mediaEnd());
        assertThat(content.getInt((int) reader.mediaEnd())).isEqualTo(Ebml.CUES);
    }

    private static void assertClusterSize(byte[] bytes, long from, long to) {
        assertThat(Unpooled.wrappedBuffer(bytes).getLong((int) from + Cluster.SIZE_OFFSET))
                .isEqualTo(Ebml.size8(to - from - Cluster.CONTENT_OFFSET));
    }

    private static long[] blockEnds(MemoryFile file, int count) throws IOException {
        long[] ends = new long[count];
        MatroskaReader reader = Objects.requireNonNull(MatroskaReader.open(file));
        for (int i = 0; i < count; i++) {
            assertThat(reader.next()).isTrue();
            ends[i] = reader.mediaEnd();
        }
        return ends;
    }
}
