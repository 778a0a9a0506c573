package org.rotunda.record.spool;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rotunda.record.matroska.MatroskaReader;

/** Kills a process that records, and looks at what it leaves. */
class SpoolCrashTest {
    private static final int KILLS = 4;

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets the field before every test.
    private Path folder;

    @Test
    void whatWasAcknowledgedSurvivesAKill() throws Exception {
        Random random = new Random(11);
        for (int kill = 0; kill < KILLS; kill++) {
            Path directory = folder.resolve("spool" + kill);
            long acknowledged = recordUntilKilled(directory, 200 + random.nextInt(800));

            List<FinishedSegment> finished = new ArrayList<>();
            SpoolScan.Result result = SpoolScan.scan(Spool.open(directory, 1024 * 1024), new SpoolScan.Listener() {
                @Override
                public void finished(FinishedSegment segment) {
                    finished.add(segment);
                }

                @Override
                public void empty(Sidecar sidecar) {}
            });
            assertThat(result.repaired()).isOne();
            long frames = 0;
            long endMs = 0;
            try (FileChannel channel = FileChannel.open(finished.get(0).file())) {
                MatroskaReader reader = Objects.requireNonNull(MatroskaReader.open(new ChannelFile(channel)));
                while (reader.next()) {
                    frames++;
                    endMs = reader.timestampMs() + 20;
                }
            }
            assertThat(frames).isGreaterThanOrEqualTo(acknowledged);
            assertThat(endMs).isEqualTo(frames * 20);
        }
    }

    /** Returns the number that was acknowledged last: all packets below it must be in the file. */
    private static long recordUntilKilled(Path directory, long acknowledgedMin) throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        RecordingProcess.class.getName(),
                        directory.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        long acknowledged = 0;
        try (BufferedReader reader = process.inputReader()) {
            while (acknowledged < acknowledgedMin) {
                String line = reader.readLine();
                assertThat(line).as("the process goes on").isNotNull();
                acknowledged = line.matches("\\d+") ? Long.parseLong(line) : acknowledged;
            }
        } finally {
            process.destroyForcibly();
            process.waitFor();
        }
        return acknowledged;
    }
}
