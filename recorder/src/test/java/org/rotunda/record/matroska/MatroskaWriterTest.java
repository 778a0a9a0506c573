package org.rotunda.record.matroska;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.rotunda.record.testkit.MemoryFile;

class MatroskaWriterTest {
    private final MemoryFile file = new MemoryFile();

    @Test
    void whatIsWrittenIsRead() throws IOException {
        MatroskaWriter writer = SampleFiles.writer(MediaTrack.vp8("camera", 640, 480), file);
        List<SampleFiles.Block> written = SampleFiles.writeVideo(writer, 137, 12);
        writer.close();

        assertThat(SampleFiles.read(file)).isEqualTo(written);
        assertThat(writer.lengthBytes()).isEqualTo(file.lengthBytes());
        assertThat(writer.endMs()).isEqualTo(1_500 + 136 * 100 + 100);
    }

    @Test
    void theHeadIsReadAsItWasWritten() throws IOException {
        for (MediaTrack track : List.of(
                MediaTrack.opus("microphone", 2),
                MediaTrack.opus("", 1),
                MediaTrack.pcmu("telephone"),
                MediaTrack.vp8("x".repeat(300), 16_383, 1),
                MediaTrack.h264("camera", 320, 180, new byte[] {1, 66, 0, 31, -1, -31}))) {
            MemoryFile each = new MemoryFile();
            MatroskaWriter writer = SampleFiles.writer(track, each);
            writer.flush();
            writer.abandon();
            MatroskaReader reader = Objects.requireNonNull(MatroskaReader.open(each));
            assertThat(reader.head()).isEqualTo(SampleFiles.head(track));
            assertThat(reader.next()).isFalse();
        }
    }

    @Test
    void aNameIsCutBetweenCharacters() {
        String name = MediaTrack.pcmu("a".repeat(127) + "\uD83D\uDE00").name();
        assertThat(name).isEqualTo("a".repeat(127));
    }

    @Test
    void bytesLeaveInFlushesOfAtMostAMebibyteAndAFrame() {
        List<Integer> lengths = new ArrayList<>();
        MatroskaWriter writer = SampleFiles.writer(MediaTrack.vp8("camera", 640, 480), new FileSink() {
            @Override
            public void append(ByteBuf bytes) {
                lengths.add(bytes.readableBytes());
                bytes.release();
            }

            @Override
            public void patch(long position, ByteBuf bytes) {
                bytes.release();
            }
        });
        ByteBuf frame = Unpooled.wrappedBuffer(new byte[300_000]);
        for (int i = 0; i < 40; i++) {
            writer.frame(i * 30L, i == 0, frame);
        }
        assertThat(lengths).hasSize(11);
        assertThat(lengths).allMatch(length -> length < MatroskaWriter.BUFFER_BYTES_MAX + 300_100);
        writer.close();
    }

    @Test
    void clustersEndByTimeLengthAndKeyFrames() throws IOException {
        MatroskaWriter writer = SampleFiles.writer(MediaTrack.vp8("camera", 640, 480), file);
        ByteBuf small = Unpooled.wrappedBuffer(new byte[10]);
        writer.frame(0, true, small);
        writer.frame(900, true, small); // Too soon after the start of the cluster.
        writer.frame(1_000, true, small); // A new cluster.
        writer.frame(5_999, false, small);
        writer.frame(6_000, false, small); // A new cluster by time.
        writer.frame(6_010, false, Unpooled.wrappedBuffer(new byte[4 * 1024 * 1024]));
        writer.frame(6_020, false, small); // A new cluster by length.
        writer.frame(100_000, false, small); // A new cluster after a hole.
        writer.close();

        List<Long> starts = new ArrayList<>();
        MatroskaReader reader = Objects.requireNonNull(MatroskaReader.open(file));
        while (reader.next()) {
            if (reader.isFirstOfCluster()) {
                starts.add(reader.timestampMs());
            }
        }
        assertThat(starts).containsExactly(0L, 1_000L, 6_000L, 6_020L, 100_000L);
    }

    @Test
    void aFrameThatGoesBackIsRefused() {
        MatroskaWriter writer = SampleFiles.writer(MediaTrack.opus("microphone", 2), file);
        ByteBuf frame = Unpooled.wrappedBuffer(new byte[] {(byte) 0xF8, -1, -2});
        writer.frame(20, true, frame);
        assertThatThrownBy(() -> writer.frame(20, true, frame)).isInstanceOf(IllegalStateException.class);
        writer.close();
        assertThatThrownBy(() -> writer.frame(40, true, frame)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aFileWithoutFramesKeepsOnlyItsHead() throws IOException {
        MatroskaWriter writer = SampleFiles.writer(MediaTrack.opus("microphone", 2), file);
        writer.close();
        assertThat(writer.lengthBytes()).isEqualTo(file.lengthBytes());
        assertThat(MatroskaRepair.repair(file).outcome()).isEqualTo(MatroskaRepair.Outcome.NO_MEDIA);
    }

    @Test
    void placesToEnterAreBounded() {
        CueList cues = new CueList();
        for (int i = 0; i < 5 * CueList.CUES_MAX; i++) {
            cues.add(i, 1_000 + i);
        }
        assertThat(cues.count()).isBetween(CueList.CUES_MAX / 2, CueList.CUES_MAX);
    }
}
