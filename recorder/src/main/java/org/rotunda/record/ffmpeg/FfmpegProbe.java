package org.rotunda.record.ffmpeg;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Finds out, once at the start, whether this machine can render compositions, and how far it can confine ffmpeg. */
public final class FfmpegProbe {
    private static final List<String> ENCODERS = List.of("libx264", "aac", "libvpx", "libopus");
    private static final List<List<String>> WITHOUT_NETWORK = List.of(
            List.of("unshare", "--net", "--"), List.of("unshare", "--user", "--map-current-user", "--net", "--"));
    private static final List<String> WITHOUT_CAPABILITIES = List.of("--inh-caps=-all", "--bounding-set=-all");
    private static final int OUTPUT_BYTES_MAX = 1 << 20;
    private static final long SECONDS_MAX = 20;

    private FfmpegProbe() {}

    /** Returns what is missing, as words for a warning; nothing if compositions can be rendered. */
    public static List<String> missing(String program) {
        List<String> missing = new ArrayList<>();
        for (String each : List.of("setpriv", "prlimit", "nice")) {
            if (output(List.of(each, "--version")).isEmpty()) {
                missing.add("the program " + each);
            }
        }
        Optional<String> encoders = output(List.of(program, "-hide_banner", "-encoders"));
        if (encoders.isEmpty()) {
            missing.add("the program " + program);
        } else {
            ENCODERS.stream()
                    .filter(each -> !encoders.get().contains(" " + each + " "))
                    .forEach(each -> missing.add("the encoder " + each + " of " + program));
        }
        return missing;
    }

    /** Returns the confinement that the system allows. */
    public static Confinement confinement() {
        List<String> network = WITHOUT_NETWORK.stream()
                .filter(each -> isAllowed(each, List.of()))
                .findFirst()
                .orElse(List.of());
        return new Confinement(network, isAllowed(network, WITHOUT_CAPABILITIES) ? WITHOUT_CAPABILITIES : List.of());
    }

    private static boolean isAllowed(List<String> network, List<String> capabilities) {
        List<String> command = new ArrayList<>(network);
        command.add("setpriv");
        command.addAll(capabilities);
        command.addAll(List.of("--no-new-privs", "--", "true"));
        return output(command).isPresent();
    }

    /** Returns the output of a command; nothing if it cannot be run or fails. */
    private static Optional<String> output(List<String> command) {
        Process process;
        try {
            process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                    .start();
        } catch (IOException e) {
            return Optional.empty(); // There is no such program.
        }
        try {
            byte[] output = process.getInputStream().readNBytes(OUTPUT_BYTES_MAX);
            boolean ended = process.waitFor(SECONDS_MAX, TimeUnit.SECONDS);
            return ended && process.exitValue() == 0
                    ? Optional.of(new String(output, StandardCharsets.UTF_8))
                    : Optional.empty();
        } catch (IOException e) {
            return Optional.empty(); // Its output broke off.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        } finally {
            process.destroyForcibly();
        }
    }
}
