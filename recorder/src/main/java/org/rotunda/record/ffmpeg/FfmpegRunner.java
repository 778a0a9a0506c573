package org.rotunda.record.ffmpeg;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs ffmpeg as a confined process. Safe to call from any thread. A call blocks until the process has ended, and an
 * interrupt of its thread kills the process.
 */
public final class FfmpegRunner {
    private static final Logger log = LoggerFactory.getLogger(FfmpegRunner.class);
    private static final long KILL_SECONDS_MAX = 5;

    private final String program;
    private final Confinement confinement;

    /**
     * Creates a runner.
     *
     * @param program the program, a name or a path
     */
    public FfmpegRunner(String program, Confinement confinement) {
        this.program = program;
        this.confinement = confinement;
    }

    /**
     * Runs the program with these arguments in a directory, which holds all its files.
     *
     * @param progress is told how many frames are done, by another thread
     * @return the number of frames that were rendered
     */
    public long run(List<String> arguments, Path directory, RunLimits limits, LongConsumer progress)
            throws FfmpegException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(program));
        command.addAll(arguments);
        Process process = start(confinement.wrap(command, limits), directory);
        ErrorTail errors = new ErrorTail();
        ProgressReader frames = new ProgressReader(progress);
        Thread stderr = reader("ffmpeg-errors", process.getErrorStream(), errors::readAll);
        Thread stdout = reader("ffmpeg-progress", process.getInputStream(), frames::readAll);
        try {
            if (!process.waitFor(limits.time().toMillis(), TimeUnit.MILLISECONDS)) {
                throw new FfmpegException(
                        FfmpegFailure.TIME_LIMIT,
                        "ffmpeg took longer than " + limits.time() + ": " + errors.lastLine());
            }
            joinAll(List.of(stderr, stdout));
        } finally {
            kill(process);
        }
        int exitCode = process.exitValue();
        if (exitCode != 0) {
            FfmpegFailure failure = FfmpegFailure.of(exitCode, errors.text());
            log.debug("ffmpeg ended with {} ({}): {}", exitCode, failure, errors.text());
            throw new FfmpegException(failure, "ffmpeg ended with " + exitCode + ": " + errors.lastLine());
        }
        return frames.frames();
    }

    private static Process start(List<String> command, Path directory) throws FfmpegException {
        ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
        builder.redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")));
        Map<String, String> environment = builder.environment();
        String path = environment.getOrDefault("PATH", "/usr/bin:/bin");
        environment.clear(); // Secrets of the node are nothing for a decoder of strangers' media.
        environment.put("PATH", path);
        environment.put("LC_ALL", "C");
        environment.put("AV_LOG_FORCE_NOCOLOR", "1");
        try {
            return builder.start();
        } catch (IOException e) {
            throw new FfmpegException(FfmpegFailure.NOT_STARTED, "ffmpeg could not be started: " + e.getMessage());
        }
    }

    private interface Reading {
        void readAll(InputStream stream) throws IOException;
    }

    private static Thread reader(String name, InputStream stream, Reading reading) {
        Thread thread = new Thread(
                () -> {
                    try {
                        reading.readAll(stream);
                    } catch (IOException e) {
                        // The stream was closed because the process was killed; who killed it says why.
                        log.debug("{} ended: {}", name, e.getMessage());
                    }
                },
                name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    /** Waits until the last output is read. Who holds the pipes although the process has ended is not waited for. */
    private static void joinAll(List<Thread> readers) throws InterruptedException {
        for (Thread each : readers) {
            each.join(TimeUnit.SECONDS.toMillis(KILL_SECONDS_MAX));
        }
    }

    /** Kills the process, and its children first, because nobody knows them afterwards. */
    private static void kill(Process process) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }
}
