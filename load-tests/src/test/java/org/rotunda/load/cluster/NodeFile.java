package org.rotunda.load.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.rotunda.load.browser.Tokens;

/**
 * The deployed configuration of one node of a cluster on this machine.
 *
 * @param name of the node in this test, also of its files
 * @param roles any of gateway, room, media
 */
record NodeFile(String name, List<String> roles, int httpPort, int clusterPort, int mediaPort, int managementPort) {
    private static final String HOST = "127.0.0.1";

    NodeFile {
        roles = List.copyOf(roles);
    }

    /** With ports nobody uses. */
    static NodeFile of(String name, List<String> roles) {
        return new NodeFile(name, roles, Ports.free(), Ports.free(), Ports.free(), Ports.free());
    }

    boolean isGateway() {
        return roles.contains("gateway");
    }

    boolean isRoom() {
        return roles.contains("room");
    }

    boolean isMedia() {
        return roles.contains("media");
    }

    String seed() {
        return HOST + ":" + clusterPort;
    }

    /**
     * Writes the file.
     *
     * @param overrides keys of ours with values in HOCON, for what a test needs otherwise
     */
    void write(Path file, List<String> seeds, String jdbcUrl, Map<String, String> overrides) {
        String text = """
                rotunda {
                  node { roles = [%s], mode = production }
                  cluster { host = "%s", port = %d, seeds = [%s] }
                  management { host = "%s", port = %d }
                  http { host = "%s", port = %d }
                  media { bind = "%s", port = %d, loops = 1 }
                  accounts = [{
                    sid = %s
                    auth-tokens = [%s]
                    keys = [{ sid = %s, secret = %s }]
                  }]
                  db { url = "%s", user = postgres, pool-size = 4, journal-pool-size = 4 }
                  log.format = text
                }
                %s
                """.formatted(
                        String.join(", ", roles),
                        HOST,
                        clusterPort,
                        seeds.stream().map(seed -> '"' + seed + '"').collect(Collectors.joining(", ")),
                        HOST,
                        managementPort,
                        HOST,
                        httpPort,
                        HOST,
                        mediaPort,
                        Tokens.ACCOUNT,
                        Tokens.AUTH_TOKEN,
                        Tokens.KEY,
                        Tokens.SECRET,
                        jdbcUrl,
                        overrides.entrySet().stream()
                                .map(entry -> entry.getKey() + " = " + entry.getValue())
                                .collect(Collectors.joining("\n")));
        try {
            Files.writeString(file, text);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
