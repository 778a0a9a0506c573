package org.rotunda.load.cluster;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.rotunda.load.client.Ports;

/** A process of {@code rotunda dev} on free ports. Test thread only. */
public final class DevProcess implements AutoCloseable {
    /** The longest allowed time of a start. It is long enough for a busy machine. */
    static final Duration START = Duration.ofMinutes(10);

    private static final String HOST = "127.0.0.1";

    private final int httpPort = Ports.free();
    private final NodeProcess node;

    private DevProcess(Path directory, Map<String, Object> overrides, int heapMib, List<String> javaOptions) {
        int managementPort = Ports.free();
        Map<String, Object> settings = new TreeMap<>(overrides);
        settings.put("rotunda.http.port", httpPort);
        settings.put("rotunda.management.port", managementPort);
        settings.put("rotunda.media.bind", HOST);
        settings.put("rotunda.media.port", Ports.free());
        settings.put("rotunda.media.loops", 1);
        List<String> arguments = new ArrayList<>(List.of("dev"));
        settings.forEach((key, value) -> arguments.addAll(
                List.of("--set", key + "=" + (value instanceof String text ? '"' + text + '"' : value))));
        node = new NodeProcess("dev", arguments, heapMib, javaOptions, directory, managementPort);
    }

    /**
     * Starts the process and returns when the node is ready.
     *
     * @param test the name of the test, which also names the working directory (see {@link Directories})
     * @param overrides settings by key, which replace the development defaults
     */
    public static DevProcess start(String test, Map<String, Object> overrides, int heapMib, List<String> javaOptions)
            throws IOException {
        DevProcess dev = new DevProcess(Directories.emptied(test), overrides, heapMib, javaOptions);
        try {
            dev.node.start().awaitReady(START);
        } catch (RuntimeException | AssertionError failure) {
            dev.close();
            throw failure;
        }
        return dev;
    }

    /** Returns the process, which tests control and observe. */
    public NodeProcess node() {
        return node;
    }

    /** Returns the base URL of the REST API. */
    public String url() {
        return "http://" + HOST + ":" + httpPort;
    }

    public URI signaling() {
        return URI.create("ws://" + HOST + ":" + httpPort + "/signaling");
    }

    public InetSocketAddress http() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), httpPort);
    }

    @Override
    public void close() {
        node.close();
        node.awaitExit();
    }
}
