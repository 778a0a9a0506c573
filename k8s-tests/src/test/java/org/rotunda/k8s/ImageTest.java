package org.rotunda.k8s;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Builds the container image and runs it with podman under the restrictions that the manifests give a pod. Needs the
 * built program, root and podman.
 */
@Tag("long")
class ImageTest {
    private static final Path PROGRAM = Path.of("..", "cluster-node", "target", "rotunda", "lib");
    private static final Path SCRIPT = Path.of("..", "bin", "image.sh");
    private static final Pattern DIGEST = Pattern.compile("sha256:[0-9a-f]{64}");
    private static final Pattern UNPACKED = Pattern.compile("(\\d+) MB unpacked");
    private static final int MEGABYTES_MAX = 170;
    /** Neither systems without all rights nor old control groups take podman's defaults. */
    private static final String CONTAINERS_CONF = """
            [containers]
            default_ulimits = ["nofile=20000:20000", "nproc=4096:4096"]
            [engine]
            runtime = "runc"
            """;

    @TempDir
    private Path folder = Path.of("");

    private final List<String> podman = new ArrayList<>();

    @BeforeEach
    void prepare() throws IOException {
        assumeTrue(Files.isDirectory(PROGRAM), "the program is built by the phase package");
        podman.addAll(List.of(
                "env",
                "CONTAINERS_CONF=" + Files.writeString(folder.resolve("containers.conf"), CONTAINERS_CONF),
                "podman",
                "--root",
                folder.resolve("root").toString(),
                "--runroot",
                folder.resolve("run").toString(),
                "--storage-driver",
                "vfs",
                "--cgroup-manager",
                "cgroupfs"));
    }

    @AfterEach
    void remove() {
        if (Files.isDirectory(folder.resolve("root"))) {
            podman("rm", "--all", "--force", "--time", "0");
            podman("rmi", "--all", "--force");
        }
    }

    private String podman(String... arguments) {
        List<String> command = new ArrayList<>(podman);
        command.addAll(List.of(arguments));
        return Kubectl.run(command.toArray(String[]::new)).strip();
    }

    /** Builds the image and returns its digest. */
    private static String build(Path archive) {
        String said = Kubectl.run(
                "env", "JAVA_HOME=" + System.getProperty("java.home"), SCRIPT.toString(), "-o", archive.toString());
        Matcher digest = DIGEST.matcher(said);
        assertThat(digest.find()).as(said).isTrue();
        Matcher unpacked = UNPACKED.matcher(said);
        assertThat(unpacked.find()).as(said).isTrue();
        assertThat(Integer.parseInt(unpacked.group(1))).isLessThanOrEqualTo(MEGABYTES_MAX);
        return digest.group();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static HttpResponse<String> get(String url) {
        return HttpClient.newHttpClient()
                .sendAsync(HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofString())
                .orTimeout(10, TimeUnit.SECONDS)
                .join();
    }

    @Test
    void runsWithoutRightsAndStopsInOrder() throws IOException {
        assumeTrue("root".equals(System.getProperty("user.name")), "podman is used as root");
        Path archive = folder.resolve("rotunda.tar");
        String digest = build(archive);
        assertThat(build(folder.resolve("again.tar"))).isEqualTo(digest);
        String image = podman("load", "--quiet", "-i", archive.toString()).replaceAll(".*: *", "");
        int management = freePort();
        Path configuration = Files.createDirectories(folder.resolve("configuration"));
        Files.writeString(configuration.resolve("media.conf"), """
                rotunda {
                  node.roles = [media]
                  cluster.port = 0
                  management.port = %d
                  media { port = 0, loops = 1 }
                }
                """.formatted(management));

        String container = podman(
                "run",
                "--detach",
                "--network=host",
                "--read-only",
                "--read-only-tmpfs=false",
                "--tmpfs=/tmp:rw,noexec,nosuid,size=64m,mode=1777",
                "--user=10001:10001",
                "--cap-drop=ALL",
                "--security-opt=no-new-privileges",
                "--memory=1g",
                "--env=JAVA_TOOL_OPTIONS=-XX:ActiveProcessorCount=2",
                "--volume=" + configuration + ":/etc/rotunda:ro",
                image,
                "node",
                "-c",
                "/etc/rotunda/media.conf");

        String url = "http://127.0.0.1:" + management;
        await().atMost(Duration.ofSeconds(90))
                .pollInterval(Duration.ofMillis(200))
                .ignoreExceptions()
                .until(() -> get(url + "/ready").statusCode() == 200);
        assertThat(get(url + "/alive").statusCode()).isEqualTo(200);
        assertThat(get(url + "/metrics").body().lines().filter(line -> line.startsWith("rotunda_native{")))
                .hasSize(3)
                .allMatch(line -> line.endsWith(" 1.0"));
        assertThat(podman("top", container, "user", "capeff", "seccomp"))
                .contains("rotunda")
                .contains("none")
                .contains("filter");
        for (String shell : List.of("/bin/sh", "/bin/bash", "/usr/bin/env")) {
            assertThat(shellStatus(container, shell)).as(shell).isNotZero();
        }
        podman("stop", "--time", "30", container);
        assertThat(podman("inspect", "--format", "{{.State.ExitCode}}", container))
                .isEqualTo("143");
    }

    /** Returns the exit status of a program that is started in the container. */
    private int shellStatus(String container, String program) throws IOException {
        List<String> command = new ArrayList<>(podman);
        command.addAll(List.of("exec", container, program));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("exec.out").toFile())
                .start();
        return process.onExit().orTimeout(60, TimeUnit.SECONDS).join().exitValue();
    }
}
