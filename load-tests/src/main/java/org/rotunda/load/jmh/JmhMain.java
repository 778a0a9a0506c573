package org.rotunda.load.jmh;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.rotunda.load.process.JdkHome;

/**
 * The command {@code bin/rotunda jmh [PATTERN] [options of JMH]}. Runs the matching benchmarks in JVMs with the same
 * garbage collector as a media node. Reports the garbage of each operation ({@code -prof gc}) unless another profiler
 * is requested.
 */
public final class JmhMain {
    /** The first JDK version that warns about native access and {@code Unsafe} unless they are permitted. */
    private static final int NATIVE_ACCESS_MUST_BE_GRANTED = 24;

    private static final int GENERATIONAL_ZGC_IS_ASKED_FOR = 21;

    private JmhMain() {}

    /**
     * Runs the command. Exits with status 2 if JMH does not know an option, or if {@code -jvm} does not name the
     * {@code java} of a JDK.
     */
    public static void main(String[] arguments) throws RunnerException {
        CommandLineOptions commandLine;
        try {
            commandLine = new CommandLineOptions(arguments);
        } catch (CommandLineOptionException unknown) {
            System.err.println("rotunda jmh: " + unknown.getMessage());
            System.exit(2);
            return;
        }
        if (commandLine.shouldHelp()) {
            try {
                commandLine.showHelp();
            } catch (IOException failure) {
                throw new RunnerException(failure);
            }
            return;
        }
        ChainedOptionsBuilder options = new OptionsBuilder().parent(commandLine);
        if (commandLine.getProfilers().isEmpty()) {
            options.addProfiler(GCProfiler.class);
        }
        if (!commandLine.getJvmArgsAppend().hasValue()) {
            try {
                options.jvmArgsAppend(jvmArguments(measuredVersion(commandLine)).toArray(String[]::new));
            } catch (IOException | IllegalArgumentException unknown) {
                System.err.println("rotunda jmh: -jvm must name the java of a JDK: " + unknown.getMessage());
                System.exit(2);
                return;
            }
        }
        Runner runner = new Runner(options.build());
        if (commandLine.shouldList()) {
            runner.list();
        } else {
            runner.run();
        }
    }

    /** Returns the feature version of the measured JVM: the JVM that {@code -jvm} names, or else the current JVM. */
    static int measuredVersion(CommandLineOptions commandLine) throws IOException {
        return commandLine.getJvm().hasValue()
                ? JdkHome.ofJava(Path.of(commandLine.getJvm().get())).feature()
                : Runtime.version().feature();
    }

    /** Returns the JVM arguments of the measured processes. */
    static List<String> jvmArguments(int version) {
        List<String> arguments = new ArrayList<>(
                List.of("-XX:+UseZGC", "-Dlogback.configurationFile=org/rotunda/load/logback-tools.xml"));
        if (version >= NATIVE_ACCESS_MUST_BE_GRANTED) {
            arguments.add("--enable-native-access=ALL-UNNAMED");
            arguments.add("--sun-misc-unsafe-memory-access=allow");
        } else if (version >= GENERATIONAL_ZGC_IS_ASKED_FOR) {
            arguments.add("-XX:+ZGenerational");
        }
        return List.copyOf(arguments);
    }
}
