package org.rotunda.record.matroska;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;
import org.rotunda.record.testkit.MemoryFile;

/** Fuzzes the reader and the repair of Matroska files: any bytes are repaired into a whole file, or have no media. */
class MatroskaFuzzTest {
    static Stream<byte[]> seeds() {
        MemoryFile video = new MemoryFile();
        MatroskaWriter writer = SampleFiles.writer(MediaTrack.vp8("camera", 640, 480), video);
        SampleFiles.writeVideo(writer, 30, 10);
        writer.close();
        MemoryFile audio = new MemoryFile();
        MatroskaWriter other = SampleFiles.writer(MediaTrack.opus("microphone", 1), audio);
        for (int i = 0; i < 5; i++) {
            other.frame(2_000L * i, true, Unpooled.wrappedBuffer(new byte[] {(byte) 0xF8, -1, -2}));
        }
        other.close();
        byte[] bytes = video.bytes();
        return Stream.of(bytes, Arrays.copyOf(bytes, bytes.length - 300), audio.bytes(), new byte[0]);
    }

    @MethodSource("seeds")
    @FuzzTest
    void repairsOrRefuses(byte[] bytes) throws IOException {
        MemoryFile file = SampleFiles.copy(bytes);
        if (MatroskaRepair.repair(file).outcome() == MatroskaRepair.Outcome.COMPLETE) {
            MatroskaRepairTest.isWhole(file);
            assertThat(SampleFiles.read(file)).isNotEmpty();
        } else {
            assertThat(file.bytes()).isEqualTo(bytes);
        }
    }
}
