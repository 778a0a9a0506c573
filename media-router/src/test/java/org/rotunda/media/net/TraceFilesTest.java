package org.rotunda.media.net;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rotunda.media.congestion.TraceRecorder;
import org.rotunda.media.congestion.TraceReplay;
import org.rotunda.media.control.TransportId;
import org.rotunda.media.router.TracedCall;

class TraceFilesTest {
    private static final TransportId TRANSPORT = new TransportId("RM1", "PA1", "../../etc/passwd");

    private static List<Path> files(Path directory) throws IOException {
        try (Stream<Path> all = Files.list(directory)) {
            return all.sorted().toList();
        }
    }

    @Test
    void aCallIsWrittenWhenItEndsAndReplaysToTheSameEstimates(@TempDir Path directory) throws IOException {
        Path traces = directory.resolve("new/traces");
        TraceFiles kept = new TraceFiles(traces);
        TracedCall.run(kept);
        kept.close();
        List<Long> estimates = new ArrayList<>();
        for (Path file : files(traces)) {
            new TraceReplay((now, recorded, replayed, controller) -> {
                        assertThat(replayed).isEqualTo(recorded);
                        estimates.add(replayed);
                    })
                    .replay(Files.readString(file));
        }
        assertThat(estimates.stream().distinct().count()).isGreaterThan(5);
    }

    @Test
    void theNameOfAFileHasNothingThatTheClientChooses(@TempDir Path directory) throws IOException {
        TraceFiles kept = new TraceFiles(directory);
        kept.end(TRANSPORT, requireNonNull(kept.begin(TRANSPORT, 1)));
        kept.close();
        assertThat(files(directory)).containsExactly(directory.resolve("RM1-PA1-1.trace"));
    }

    @Test
    void recordsAFewTransportsAtATime(@TempDir Path directory) {
        TraceFiles kept = new TraceFiles(directory);
        List<TraceRecorder> begun = new ArrayList<>();
        for (int i = 0; i < TraceFiles.TRACES_MAX; i++) {
            begun.add(requireNonNull(kept.begin(TRANSPORT, i)));
        }
        assertThat(kept.begin(TRANSPORT, 99)).isNull();
        begun.forEach(trace -> kept.end(TRANSPORT, trace));
        kept.close();
        assertThat(kept.begin(TRANSPORT, 100)).isNotNull();
    }

    @Test
    void writesNoMoreFilesThanItsLimit(@TempDir Path directory) throws IOException {
        TraceFiles kept = new TraceFiles(directory);
        int recorded = 0;
        for (int i = 0; i < TraceFiles.FILES_MAX; i++) {
            TraceRecorder trace = kept.begin(TRANSPORT, i);
            while (trace == null) { // The writer has not written the files before.
                Thread.onSpinWait();
                trace = kept.begin(TRANSPORT, i);
            }
            kept.end(TRANSPORT, trace);
            recorded++;
        }
        kept.close();
        assertThat(kept.begin(TRANSPORT, recorded)).isNull();
        assertThat(files(directory)).hasSize(TraceFiles.FILES_MAX);
    }

    @Test
    void aDirectoryThatCannotBeMadeIsRefusedWithItsKey(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "");
        assertThatThrownBy(() -> new TraceFiles(file.resolve("below")))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("rotunda.media.congestion-traces");
    }
}
