package org.rotunda.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tests the script {@code bin/rotunda} in a copy of the checkout without any build, with a fake Maven that counts its
 * calls. Checks which commands build, and that the script and the program have the same commands.
 */
class ScriptTest {
    private static final Path SCRIPTS = Path.of("..", "bin");
    private static final Pattern COMMAND = Pattern.compile("^  ([a-z]+) +([A-Z].*)$", Pattern.MULTILINE);
    private static final List<String> ONLY_IN_CHECKOUTS = List.of("bench", "capacity", "gatling", "image", "jmh");
    private static final Duration DEADLINE = Duration.ofSeconds(60);
    private static final Duration LOOK_EVERY = Duration.ofMillis(20);

    private final Path top;
    private final Path tools;

    ScriptTest(@TempDir Path directory) {
        top = directory.resolve("checkout");
        tools = directory.resolve("tools");
    }

    /** The output and the exit status of a process. */
    private record Result(int status, String out, String err) {}

    @BeforeEach
    void copy() throws IOException {
        Files.createDirectories(top.resolve("bin"));
        try (Stream<Path> scripts = Files.list(SCRIPTS)) {
            for (Path script : scripts.toList()) {
                Files.copy(script, top.resolve("bin").resolve(script.getFileName()));
            }
        }
        Files.copy(Path.of("..", "pom.xml"), top.resolve("pom.xml"));
        for (String module : List.of("media-router", "room-actor", "gateway", "cluster-node", "load-tests/gatling")) {
            Files.createDirectories(top.resolve(module).resolve("src/main/java"));
            Files.writeString(top.resolve(module).resolve("pom.xml"), "<project/>");
        }
        Files.createDirectories(top.resolve("media-router/src/test/java"));
        Files.createDirectories(top.resolve("room-actor/src/test/java/org/rotunda/room/testkit"));
        Files.createDirectories(top.resolve("load-tests/src/main"));
        Files.createDirectories(tools);
        maven("echo called >>\"$(dirname \"$0\")/calls\"; exit 1");
    }

    private void maven(String commands) throws IOException {
        Path maven = Files.writeString(tools.resolve("mvn"), "#!/bin/sh\n" + commands + "\n");
        assertThat(maven.toFile().setExecutable(true)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--help",
                "-h",
                "help",
                "help dev",
                "help gatling",
                "help image",
                "image --help",
                "dev --help",
                "bench rest --help",
                "bench egress --help",
                "capacity --help",
                "check -h",
                "--version",
                "-V",
                "version",
                "node -V"
            })
    void helpAndVersionNeverBuild(String arguments) throws Exception {
        Result result = run(arguments.split(" ", -1));

        assertThat(result.status()).as(result.err()).isZero();
        assertThat(result.out()).isNotBlank();
        assertThat(calls()).isZero();
    }

    @Test
    void helpListsEveryCommandThatTheProgramKnows() throws Exception {
        Map<String, String> listed = commands(run("--help").out());
        Map<String, String> known = new TreeMap<>();
        Main.commandLine()
                .getSubcommands()
                .forEach((name, command) -> known.put(
                        name,
                        String.join(" ", command.getCommandSpec().usageMessage().description())));

        assertThat(listed).containsKeys(ONLY_IN_CHECKOUTS.toArray(String[]::new));
        listed.keySet().removeAll(ONLY_IN_CHECKOUTS);
        assertThat(listed.keySet()).isEqualTo(known.keySet());
        known.remove("help"); // Picocli, and not the program, defines the description of this command.
        listed.remove("help");
        assertThat(listed).isEqualTo(known);
    }

    private static Map<String, String> commands(String help) {
        Map<String, String> commands = new TreeMap<>();
        Matcher lines = COMMAND.matcher(help);
        while (lines.find()) {
            commands.put(lines.group(1), lines.group(2));
        }
        return commands;
    }

    @Test
    void everyListedCommandIsAccepted() throws Exception {
        for (String command : commands(run("--help").out()).keySet()) {
            assertThat(run(command).err()).as(command).doesNotContain("unknown command");
        }
    }

    @Test
    void anUnknownCommandIsReportedBeforeAnythingIsBuilt() throws Exception {
        Result result = run("dve");

        assertThat(result.status()).isEqualTo(2);
        assertThat(result.err()).contains("unknown command: dve", "Commands:");
        assertThat(run().status()).isEqualTo(2);
        assertThat(calls()).isZero();
    }

    @Test
    void versionOfATreeWithoutGitHasNoCommit() throws Exception {
        assertThat(run("--version").out()).matches("rotunda [0-9A-Z.-]+, commit unknown \\(not built yet\\)\\n");
    }

    @Test
    void aFailedBuildShowsTheEndOfItsLog() throws Exception {
        maven("echo '[INFO] Building media-router 0.1.0 [2/7]'; echo broken; exit 1");

        Result result = run("check", "-c", "x.conf");

        assertThat(result.status()).isEqualTo(1);
        assertThat(result.err()).contains("rotunda: building", "broken", "the build failed");
    }

    @Test
    void theProgramIsBuiltAgainOnlyWhenContentChanged() throws Exception {
        buildsSuccessfully();
        Path source = Files.writeString(top.resolve("gateway/src/main/java/A.java"), "class A {}");

        run("check");
        assertThat(calls()).isEqualTo(1);
        assertThat(source.toFile().setLastModified(System.currentTimeMillis() + 100_000))
                .isTrue();
        run("check");
        assertThat(calls()).as("a newer time alone").isEqualTo(1);
        Files.writeString(source, "class A { int b; }");
        run("check");
        assertThat(calls()).as("another content").isEqualTo(2);
        Files.move(source, source.resolveSibling("B.java"));
        run("check");
        assertThat(calls()).as("another name").isEqualTo(3);
        Files.writeString(top.resolve("cluster-node/target/rotunda/lib/gateway-0.1.0-SNAPSHOT.jar"), "other");
        run("check");
        assertThat(calls()).as("jars of another build").isEqualTo(4);
    }

    @Test
    void twoBuildsOfOneCheckoutWaitForEachOther() throws Exception {
        buildsSuccessfully();

        List<Process> processes = List.of(start("check"), start("check"));
        for (Process process : processes) {
            assertThat(process.waitFor(DEADLINE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        }

        assertThat(calls()).isEqualTo(1);
    }

    @Test
    void aStartCacheOfTheUserReplacesTheArchiveOfClasses() throws Exception {
        buildsSuccessfully();
        Path archive = top.resolve("cluster-node/target/rotunda/classes.jsa");
        Files.createDirectories(archive.getParent());
        Files.writeString(archive, "classes");
        Path jdk = fakeJdk();

        assertThat(run(Map.of("JAVA_HOME", jdk.toString()), "dev").out())
                .contains("-XX:+UseZGC", "-XX:SharedArchiveFile=" + archive);
        assertThat(run(
                                Map.of(
                                        "JAVA_HOME",
                                        jdk.toString(),
                                        "ROTUNDA_JAVA_OPTS",
                                        "-XX:-UseZGC -XX:+UseG1GC -XX:AOTCache=rotunda.aot"),
                                "dev")
                        .out())
                .contains("-XX:-UseZGC", "-XX:AOTCache=rotunda.aot")
                .doesNotContain("-XX:SharedArchiveFile");
    }

    /** Installs a JDK of a high version whose {@code java} prints its arguments. */
    private Path fakeJdk() throws IOException {
        Path jdk = tools.resolve("jdk");
        Files.createDirectories(jdk.resolve("bin"));
        Files.writeString(jdk.resolve("release"), "JAVA_VERSION=\"99.0.1\"\n");
        for (String program : List.of("java", "javac")) {
            Path file = Files.writeString(jdk.resolve("bin").resolve(program), "#!/bin/sh\necho \"$@\"\n");
            assertThat(file.toFile().setExecutable(true)).isTrue();
        }
        return jdk;
    }

    @ParameterizedTest
    @ValueSource(strings = {"INT", "TERM", "HUP", "KILL"})
    void aBuildEndsWithTheScript(String signal) throws Exception {
        maven("echo $$ >\"$(dirname \"$0\")/started\"; sleep 300 & wait");
        Process script = start("dev");
        long maven = Long.parseLong(await(() -> {
            Path started = tools.resolve("started");
            return Files.exists(started) ? Files.readString(started).trim() : "";
        }));
        List<ProcessHandle> tree = Stream.concat(
                        ProcessHandle.of(maven).stream(),
                        ProcessHandle.of(maven).stream().flatMap(ProcessHandle::descendants))
                .toList();
        assertThat(tree).isNotEmpty();

        assertThat(new ProcessBuilder("kill", "-" + signal, Long.toString(script.pid()))
                        .start()
                        .waitFor())
                .isZero();

        assertThat(script.waitFor(DEADLINE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        for (ProcessHandle process : tree) {
            process.onExit().get(DEADLINE.toSeconds(), TimeUnit.SECONDS);
        }
        if (!signal.equals("KILL")) {
            assertThat(Files.readString(tools.resolve("err"))).contains("rotunda: the build was stopped");
        }
    }

    /** Looks for something that a test waits for. Returns an empty text until it is found. */
    private interface Look {
        String look() throws IOException;
    }

    private static String await(Look look) throws Exception {
        long end = System.nanoTime() + DEADLINE.toNanos();
        while (true) {
            String seen = look.look();
            if (!seen.isEmpty()) {
                return seen;
            }
            assertThat(System.nanoTime()).as("in time").isLessThan(end);
            LockSupport.parkNanos(LOOK_EVERY.toNanos());
        }
    }

    /** Installs a fake Maven whose build succeeds. The built program cannot run, because its jar has no classes. */
    private void buildsSuccessfully() throws IOException {
        maven("""
                echo called >>"$(dirname "$0")/calls"
                mkdir -p cluster-node/target/rotunda/lib load-tests/target/bench/lib
                echo jar >cluster-node/target/rotunda/lib/gateway-0.1.0-SNAPSHOT.jar
                """);
    }

    private int calls() throws IOException {
        Path calls = tools.resolve("calls");
        return Files.exists(calls) ? Files.readAllLines(calls).size() : 0;
    }

    private Process start(String... arguments) throws IOException {
        return start(Map.of(), arguments);
    }

    private Process start(Map<String, String> environment, String... arguments) throws IOException {
        List<String> command =
                new ArrayList<>(List.of(top.resolve("bin/rotunda").toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(tools.toFile())
                .redirectOutput(tools.resolve("out").toFile())
                .redirectError(tools.resolve("err").toFile());
        builder.environment().put("PATH", tools + ":" + System.getenv("PATH"));
        builder.environment().put("JAVA_HOME", System.getProperty("java.home", ""));
        builder.environment().putAll(environment);
        return builder.start();
    }

    private Result run(String... arguments) throws Exception {
        return run(Map.of(), arguments);
    }

    private Result run(Map<String, String> environment, String... arguments) throws Exception {
        Process process = start(environment, arguments);
        assertThat(process.waitFor(DEADLINE.toSeconds(), TimeUnit.SECONDS))
                .as("in time")
                .isTrue();
        return new Result(
                process.exitValue(), Files.readString(tools.resolve("out")), Files.readString(tools.resolve("err")));
    }
}
