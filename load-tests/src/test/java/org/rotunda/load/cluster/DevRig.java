package org.rotunda.load.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.rotunda.load.browser.CallPage;
import org.rotunda.load.browser.Chromium;
import org.rotunda.load.browser.Pages;
import org.rotunda.load.browser.Rest;
import org.rotunda.load.client.Ports;

/** {@code rotunda dev} as a process of its own, on its embedded database, with pages. Test thread only. */
final class DevRig implements AutoCloseable {
    static final Duration START = Duration.ofMinutes(10);

    private static final int HEAP_MIB = 384;
    private static final String HOST = "127.0.0.1";

    private final int httpPort = Ports.free();
    private final NodeProcess node;
    private final Pages pages;

    private DevRig(String test, Map<String, String> overrides, Chromium chromium) throws IOException {
        Path directory = Directories.emptied(test);
        int managementPort = Ports.free();
        List<String> arguments = new ArrayList<>(List.of(
                "dev",
                "--set",
                "rotunda.http.port=" + httpPort,
                "--set",
                "rotunda.management.port=" + managementPort,
                "--set",
                "rotunda.media.port=" + Ports.free(),
                "--set",
                "rotunda.media.loops=1"));
        overrides.forEach((key, value) -> arguments.addAll(List.of("--set", key + "=" + value)));
        pages = new Pages(chromium);
        node = new NodeProcess("dev", arguments, HEAP_MIB, directory, managementPort);
    }

    /** Starts it and returns when it is ready. */
    static DevRig start(String test, Map<String, String> overrides, Chromium chromium) {
        try {
            DevRig rig = new DevRig(test, overrides, chromium);
            try {
                rig.node.start().awaitReady(START);
            } catch (RuntimeException | AssertionError failure) {
                rig.close();
                throw failure;
            }
            return rig;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    NodeProcess node() {
        return node;
    }

    Rest rest() {
        return new Rest("http://" + HOST + ":" + httpPort);
    }

    InetSocketAddress address() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), httpPort);
    }

    CallPage page(String identity) {
        return pages.page(identity, "ws://" + HOST + ":" + httpPort + "/signaling");
    }

    @Override
    public void close() {
        pages.close();
        node.close();
        node.awaitExit();
    }
}
