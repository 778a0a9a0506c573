package org.rotunda.load.browser;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.rotunda.load.testkit.Await;
import org.rotunda.load.testkit.TcpProxy;
import org.rotunda.node.RotundaNode;

/**
 * The program of {@link IceTcpTest}, which runs as root on a {@link LoneMachine}: a node with the settings of {@code
 * rotunda dev}, a Chromium on the same machine, and a Chromium behind a link that loses all UDP packets. The second
 * browser has a network namespace of its own. An assertion that fails ends the program with an exit status other than 0.
 */
final class UdpLessCalls implements AutoCloseable {
    private static final String NEAR = "10.216.0.1";
    private static final String FAR = "10.216.0.2";
    private static final int FRAMES_PER_SECOND_MIN = 8; // The camera has 15; two browsers share a busy machine.

    private final Process namespace;
    private final RotundaNode node;
    private final TcpProxy signaling;
    private final Pages near;
    private final Pages far;
    private final TcpProxy site;
    private final Chromium farBrowser;

    private UdpLessCalls(Chromium nearBrowser) throws IOException {
        namespace = new ProcessBuilder("unshare", "--net", "sleep", "infinity").start();
        connect();
        Path data = Files.createTempDirectory("rotunda-udp-less-calls");
        node = DevNode.start(data);
        signaling = proxy(URI.create(node.httpUrl()).getPort());
        near = new Pages(nearBrowser);
        site = proxy(URI.create(near.url()).getPort());
        String origin = "http://" + NEAR + ":" + site.port();
        // Browsers give camera and microphone to pages of localhost without TLS, but not to pages of other hosts.
        farBrowser = new Chromium(inNamespace(data), List.of("--unsafely-treat-insecure-origin-as-secure=" + origin));
        far = new Pages(farBrowser);
    }

    private static TcpProxy proxy(int port) throws IOException {
        return new TcpProxy(
                new InetSocketAddress(NEAR, 0), List.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), port)));
    }

    /** Links this machine with the namespace. */
    private void connect() throws IOException {
        String pid = Long.toString(namespace.pid());
        Await.until("the namespace", CallPage.PATIENCE, this::hasNamespace);
        run("ip", "link", "add", "near", "type", "veth", "peer", "name", "far", "netns", pid);
        run("ip", "addr", "add", NEAR + "/24", "dev", "near");
        run("ip", "link", "set", "near", "up");
        runFar("ip", "link", "set", "lo", "up");
        runFar("ip", "addr", "add", FAR + "/24", "dev", "far");
        runFar("ip", "link", "set", "far", "up");
        runFar("ip", "route", "add", "default", "via", NEAR);
        // A rule before that for local addresses decides about packets to this machine.
        run("ip", "rule", "add", "pref", "100", "lookup", "local");
        run("ip", "rule", "del", "pref", "0");
    }

    private boolean hasNamespace() {
        try {
            Path own = Files.readSymbolicLink(Path.of("/proc/self/ns/net"));
            return !Files.readSymbolicLink(namespaceFile()).equals(own);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private Path namespaceFile() {
        return Path.of("/proc/" + namespace.pid() + "/ns/net");
    }

    /** Drops every UDP packet that comes over the link, without an answer. */
    private static void shutUdp() throws IOException {
        run("ip", "rule", "add", "pref", "10", "iif", "near", "ipproto", "udp", "blackhole");
    }

    private static void openUdp() throws IOException {
        run("ip", "rule", "del", "pref", "10");
    }

    /** Writes a program that starts the browser in the namespace. */
    private Path inNamespace(Path directory) throws IOException {
        String script = "#!/bin/sh\nexec nsenter --net=" + namespaceFile() + " " + Chromium.executable() + " \"$@\"\n";
        Path program = Files.writeString(directory.resolve("far-chromium"), script);
        return Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private void runFar(String... command) throws IOException {
        List<String> words = new ArrayList<>(List.of("nsenter", "--net=" + namespaceFile()));
        words.addAll(List.of(command));
        run(words.toArray(String[]::new));
    }

    private static void run(String... command) throws IOException {
        try {
            int status = new ProcessBuilder(command).inheritIO().start().waitFor();
            assertThat(status).as(String.join(" ", command)).isZero();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", interrupted);
        }
    }

    public static void main(String[] arguments) throws IOException {
        try (Chromium chromium = new Chromium();
                UdpLessCalls calls = new UdpLessCalls(chromium)) {
            assertThat(calls.node.settings().media().bind()).isEqualTo(LoneMachine.ADDRESS);
            shutUdp();
            calls.callBetween("without-udp", "tcp");
            openUdp();
            calls.callBetween("with-udp", "udp");
        }
    }

    /** Has a call of the two browsers, in which the far browser must use this protocol. */
    private void callBetween(String room, String farProtocol) {
        CallPage nearPage = near.page("near", node.httpUrl().replaceFirst("^http", "ws") + "/signaling");
        CallPage farPage = far.page(
                "far",
                "ws://" + NEAR + ":" + signaling.port() + "/signaling",
                "http://" + NEAR + ":" + site.port() + "/");
        GroupCall call = GroupCall.join(List.of(nearPage, farPage), room, 320, 180, 15, Map.of());
        call.awaitFlowing();
        call.assertEverybodySeesHearsAndReadsEverybody(FRAMES_PER_SECOND_MIN);
        SelectedPairs.assertProtocol(nearPage, "udp");
        SelectedPairs.assertProtocol(farPage, farProtocol);
        near.closeAll();
        far.closeAll();
    }

    @Override
    public void close() throws IOException {
        far.close();
        farBrowser.close();
        site.close();
        near.close();
        signaling.close();
        node.close();
        namespace.destroy();
    }
}
