package org.rotunda.load.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A network namespace (network_namespaces(7)) for one node, with two links to the rest of this machine. The link to the
 * other nodes can be cut. The test observes the node over the other link, which always works. A cut link drops all
 * packets without any error, like a broken switch. Needs root. Test thread only.
 */
final class Island implements AutoCloseable {
    private static final String PREFIX = "rotunda-"; // The id of the creating process follows this prefix.
    private static final int SUBNETS = 250;

    private final String name;
    private final String bridge;
    private final String nearEnd;
    private final String watchEnd;
    private final int subnet;

    private Island(long owner) {
        name = PREFIX + owner;
        bridge = bridge(owner);
        nearEnd = "rt" + owner + "n"; // Interface names have at most 15 characters.
        watchEnd = "rt" + owner + "w";
        subnet = (int) (owner % SUBNETS) + 1;
    }

    private static String bridge(long owner) {
        return "rt" + owner + "b";
    }

    /** Returns whether this user can create network namespaces on this machine. */
    static boolean isPossible() {
        String probe = PREFIX + "probe-" + ProcessHandle.current().pid();
        try {
            return exitOf(List.of("ip", "netns", "add", probe)) == 0
                    && exitOf(List.of("ip", "netns", "del", probe)) == 0;
        } catch (IOException noSuchProgram) {
            return false;
        }
    }

    /** Removes the islands left behind by test runs that were killed, and then creates an island. */
    static Island create() {
        removeLeftovers();
        Island island = new Island(ProcessHandle.current().pid());
        try {
            island.build();
            return island;
        } catch (RuntimeException failure) {
            island.close();
            throw failure;
        }
    }

    private void build() {
        ip("netns", "add", name);
        ip("-n", name, "link", "set", "lo", "up");
        // The bridge has the address of the other nodes, because the bridge stays up while the island is cut off.
        ip("link", "add", bridge, "type", "bridge");
        ip("addr", "add", mainlandHost() + "/24", "dev", bridge);
        ip("link", "set", bridge, "up");
        ip("link", "add", nearEnd, "type", "veth", "peer", "name", "cluster", "netns", name);
        ip("link", "set", nearEnd, "master", bridge, "up");
        ip("-n", name, "addr", "add", islandHost() + "/24", "dev", "cluster");
        ip("-n", name, "link", "set", "cluster", "up");
        ip("link", "add", watchEnd, "type", "veth", "peer", "name", "watch", "netns", name);
        ip("addr", "add", watcherHost() + "/24", "dev", watchEnd);
        ip("link", "set", watchEnd, "up");
        ip("-n", name, "addr", "add", watchedHost() + "/24", "dev", "watch");
        ip("-n", name, "link", "set", "watch", "up");
    }

    /** Returns the place of the other nodes, which talk to each other and to the island over the bridge. */
    Place mainland() {
        return new Place(
                mainlandHost(), Place.LOOPBACK.serviceHost(), Place.LOOPBACK.databaseHost(), Place.LOOPBACK.launcher());
    }

    /**
     * Returns the place of the node on the island.
     *
     * @param keepsDatabase whether the node can still reach PostgreSQL while it is cut off
     */
    Place place(boolean keepsDatabase) {
        return new Place(
                islandHost(),
                watchedHost(),
                keepsDatabase ? watcherHost() : mainlandHost(),
                List.of("ip", "netns", "exec", name));
    }

    /** Cuts the link between the island and the other nodes. */
    void cut() {
        ip("link", "set", nearEnd, "nomaster");
    }

    void heal() {
        ip("link", "set", nearEnd, "master", bridge);
    }

    private String mainlandHost() {
        return "10.213." + subnet + ".1";
    }

    private String islandHost() {
        return "10.213." + subnet + ".2";
    }

    private String watcherHost() {
        return "10.214." + subnet + ".1";
    }

    private String watchedHost() {
        return "10.214." + subnet + ".2";
    }

    /** Removes the namespace and the bridge. The kernel removes the links once no process runs in the namespace. */
    @Override
    public void close() {
        remove(name, bridge);
    }

    private static void remove(String namespace, String bridge) {
        try {
            exitOf(List.of("ip", "netns", "del", namespace));
            exitOf(List.of("ip", "link", "del", bridge));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static void removeLeftovers() {
        outputOf(List.of("ip", "netns", "list"))
                .lines()
                .map(line -> line.replaceAll(" .*", ""))
                .filter(namespace -> namespace.matches(PREFIX + "\\d+"))
                .forEach(namespace -> {
                    long owner = Long.parseLong(namespace.substring(PREFIX.length()));
                    if (ProcessHandle.of(owner).isEmpty()
                            || owner == ProcessHandle.current().pid()) {
                        remove(namespace, bridge(owner));
                    }
                });
    }

    private static void ip(String... words) {
        List<String> command = new ArrayList<>(List.of("ip"));
        command.addAll(List.of(words));
        try {
            if (exitOf(command) != 0) {
                throw new IllegalStateException("failed: " + String.join(" ", command));
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static int exitOf(List<String> command) throws IOException {
        try {
            return new ProcessBuilder(command).inheritIO().start().waitFor();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", interrupted);
        }
    }

    private static String outputOf(List<String> command) {
        try {
            Process process = new ProcessBuilder(command).start();
            return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
