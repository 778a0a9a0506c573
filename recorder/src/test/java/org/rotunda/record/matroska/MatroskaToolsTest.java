package org.rotunda.record.matroska;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rotunda.record.testkit.Material;
import org.rotunda.record.testkit.MemoryFile;
import org.rotunda.record.testkit.Program;
import org.rotunda.record.testkit.RecordedFile;

/** Has the files of the writer, and what the repair makes of parts of them, read by ffmpeg and mkvtoolnix. */
class MatroskaToolsTest {
    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets the field before every test.
    private Path folder;

    @Test
    void aClosedFileOfVideoIsSound() throws IOException {
        MemoryFile file = vp8File(true);
        store(file.bytes()).isSound("vp8", 4_000);
    }

    @Test
    void aClosedFileOfAudioIsSound() throws IOException {
        MemoryFile file = new MemoryFile();
        MatroskaWriter writer = SampleFiles.writer(MediaTrack.opus("microphone", 2), file);
        List<byte[]> packets = Material.opus(3_000, true);
        for (int i = 0; i < packets.size(); i++) {
            writer.frame(20L * i, true, Unpooled.wrappedBuffer(packets.get(i)));
        }
        writer.close();
        store(file.bytes()).isSound("opus", 3_000);
    }

    @Test
    void aClosedFileOfTelephoneAudioIsSound() throws IOException {
        MemoryFile file = new MemoryFile();
        MatroskaWriter writer = SampleFiles.writer(MediaTrack.pcmu("telephone"), file);
        byte[] silence = new byte[160];
        Arrays.fill(silence, (byte) 0xFF);
        for (int i = 0; i < 100; i++) {
            writer.frame(20L * i, true, Unpooled.wrappedBuffer(silence));
        }
        writer.close();
        store(file.bytes()).isSound("pcm_mulaw", 2_000);
    }

    @Test
    void whatIsLeftOfACrashDecodesAndARepairMakesItSound() throws IOException {
        byte[] bytes = vp8File(false).bytes();
        for (int part = 3; part < 10; part++) {
            byte[] prefix = Arrays.copyOf(bytes, bytes.length * part / 10);
            store(prefix);
            Program.Result decode = Program.run(
                    "ffmpeg",
                    "-v",
                    "fatal",
                    "-threads",
                    "1",
                    "-i",
                    folder.resolve("file.mkv").toString(),
                    "-f",
                    "null",
                    "-");
            assertThat(decode.exitCode()).isZero();

            MemoryFile repaired = new MemoryFile(prefix);
            MatroskaRepair.Result result = MatroskaRepair.repair(repaired);
            store(repaired.bytes()).isSound("vp8", result.endMs() - result.startMs());
        }
    }

    private MemoryFile vp8File(boolean closed) {
        MemoryFile file = new MemoryFile();
        MatroskaWriter writer = SampleFiles.writer(MediaTrack.vp8("camera", 320, 240), file);
        List<byte[]> frames = Material.vp8(320, 240, 25, 100, 30);
        for (int i = 0; i < frames.size(); i++) {
            writer.frame(40L * i, (frames.get(i)[0] & 1) == 0, Unpooled.wrappedBuffer(frames.get(i)));
            if (i % 12 == 0) {
                writer.flush();
            }
        }
        writer.flush();
        if (closed) {
            writer.close();
        } else {
            writer.abandon();
        }
        return file;
    }

    private RecordedFile store(byte[] bytes) throws IOException {
        Path path = folder.resolve("file.mkv");
        Files.write(path, bytes);
        return new RecordedFile(path);
    }
}
