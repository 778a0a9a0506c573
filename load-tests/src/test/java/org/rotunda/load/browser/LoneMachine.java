package org.rotunda.load.browser;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A machine of its own for one program: a network namespace (network_namespaces(7)) with the loopback interface and one
 * address. The program cannot send packets to any other machine. The namespace ends with the program. Needs root.
 */
final class LoneMachine {
    static final String ADDRESS = "10.215.0.2";

    /** Nobody has this address. Firefox gathers candidates only if there is a default route. */
    private static final String GATEWAY = "10.215.0.1";

    private static final String SETUP = """
            ip link set lo up
            ip link add own type veth peer name other
            ip addr add %s/24 dev own
            ip link set own up
            ip link set other up
            ip route add default via %s
            exec "$@"
            """.formatted(ADDRESS, GATEWAY);

    private LoneMachine() {}

    /** Returns whether this user can create such a machine. */
    static boolean isPossible() throws IOException, InterruptedException {
        try {
            return start(List.of("true"), Path.of("/dev/null")).waitFor() == 0;
        } catch (IOException noSuchProgram) {
            return false;
        }
    }

    /**
     * Runs the main method of a class of the tests there, in a JVM like this one and with its class path.
     *
     * @param output the file for the output of the program
     * @return the exit status
     * @throws IllegalStateException if the program has not ended in time; it is then killed
     */
    static int run(Class<?> program, Path output, Duration patience) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        String sdk = System.getProperty("rotunda.browser.sdk");
        if (sdk != null) {
            command.add("-Drotunda.browser.sdk=" + sdk);
        }
        // Surefire starts this JVM with a jar in place of the class path.
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path", ""));
        command.addAll(List.of("-cp", classPath, program.getName()));
        Process process = start(command, output);
        try {
            if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IllegalStateException("not ended after " + patience + ":\n" + Files.readString(output));
            }
            return process.exitValue();
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    private static Process start(List<String> program, Path output) throws IOException {
        List<String> command = new ArrayList<>(List.of("unshare", "--net", "bash", "-euc", SETUP, "lone-machine"));
        command.addAll(program);
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
    }
}
