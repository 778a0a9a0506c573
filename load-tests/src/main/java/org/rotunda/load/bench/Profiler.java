package org.rotunda.load.bench;

import java.io.IOException;
import java.io.InputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;
import org.rotunda.load.process.JdkHome;

/**
 * A run of async-profiler in another JVM of this machine. Samples the processor time in Java code, in native code and,
 * if root runs this program, in the kernel. Main thread only.
 */
final class Profiler {
    private static final String SAMPLING = "event=cpu,interval=1ms,threads";
    private static final String LIBRARY = "libasyncProfiler.so";

    private final Path jcmd;
    private final long pid;
    private final Path library;

    private Profiler(Path jcmd, long pid, Path library) {
        this.jcmd = jcmd;
        this.pid = pid;
        this.library = library;
    }

    /**
     * Starts the profiler, which takes one sample for each millisecond of processor time.
     *
     * @param directory the directory into which the profiler's library is unpacked
     * @throws IllegalStateException if the JVM cannot be sampled
     */
    static Profiler start(JdkHome jdk, long pid, Path directory) throws IOException {
        Profiler profiler = new Profiler(jdk.jcmd(), pid, unpacked(directory));
        profiler.tell("start," + SAMPLING);
        return profiler;
    }

    /** Stops the profiler, writes the flame graph to a file and returns the profile. */
    Profile stop(Path flameGraph) throws IOException {
        Path stacks = flameGraph.resolveSibling("profile.collapsed");
        tell("dump,flamegraph,file=" + flameGraph.toAbsolutePath());
        tell("stop,collapsed,ann,threads,file=" + stacks.toAbsolutePath());
        return Profile.parse(Files.readAllLines(stacks));
    }

    private void tell(String command) throws IOException {
        // Without the quotes, jcmd would read an argument with an equals sign as one of its own options.
        Process asked = new ProcessBuilder(
                        jcmd.toString(),
                        Long.toString(pid),
                        "JVMTI.agent_load",
                        library.toString(),
                        "\"" + command + "\"")
                .redirectError(Redirect.INHERIT)
                .start();
        String answer = new String(asked.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!answer.contains("return code: 0")) {
            throw new IllegalStateException("the profiler refused \"" + command + "\": " + answer.strip());
        }
    }

    private static Path unpacked(Path directory) throws IOException {
        String platform = switch (System.getProperty("os.arch", "").toLowerCase(Locale.ROOT)) {
            case "amd64", "x86_64" -> "linux-x64";
            case "aarch64" -> "linux-arm64";
            default -> throw new IllegalStateException("no profiler for " + System.getProperty("os.arch"));
        };
        Path file = directory.resolve(LIBRARY).toAbsolutePath();
        try (InputStream content = Profiler.class.getResourceAsStream("/" + platform + "/" + LIBRARY)) {
            if (content == null) {
                throw new IllegalStateException("the profiler's library is not in its jar: " + platform);
            }
            Files.copy(content, file, StandardCopyOption.REPLACE_EXISTING);
        }
        return file;
    }
}
