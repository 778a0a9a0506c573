package org.rotunda.load.bench;

import com.typesafe.config.ConfigUtil;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.rotunda.load.client.Ports;
import org.rotunda.load.client.ProductCommand;

/**
 * The node under REST requests. It runs {@code rotunda node} from the build in production mode, with all roles. Main
 * thread only.
 */
final class RestNode implements AutoCloseable {
    /** The environment variable by which the node gets the password, so that no file has it. */
    private static final String PASSWORD = "ROTUNDA_DB_PASSWORD";

    private final MeasuredNode node;
    private final int httpPort;

    private RestNode(MeasuredNode node, int httpPort) {
        this.node = node;
        this.httpPort = httpPort;
    }

    /**
     * Starts a node and returns when it is ready.
     *
     * @param overrides the HOCON values of further settings, by key
     * @param directory the directory of the configuration and the log
     */
    static RestNode start(
            RestOptions options,
            List<BenchAccount> accounts,
            DatabaseAccess database,
            Map<String, String> overrides,
            Path directory)
            throws IOException {
        int httpPort = Ports.free();
        int managementPort = Ports.free();
        Path file = Files.createDirectories(directory).resolve("node.conf");
        Files.writeString(file, configuration(accounts, database, overrides, httpPort, managementPort, Ports.free()));
        List<String> command = new ArrayList<>();
        command.add(options.jdk().java().toString());
        command.addAll(ProductCommand.of(
                options.top().resolve("cluster-node/target/rotunda"),
                options.jdk().feature()));
        command.addAll(List.of("node", "-c", file.toString()));
        return new RestNode(
                MeasuredNode.start(
                        options.jdk(), command, Map.of(PASSWORD, database.password()), managementPort, directory),
                httpPort);
    }

    static String configuration(
            List<BenchAccount> accounts,
            DatabaseAccess database,
            Map<String, String> overrides,
            int httpPort,
            int managementPort,
            int clusterPort) {
        // The limits on requests are off, and the quota of rooms is so high that it never counts but is still counted.
        return """
            rotunda {
              node { roles = [gateway, room, media], mode = production }
              cluster { host = "%1$s", port = %2$d, seeds = ["%1$s:%2$d"], lifeline-port = 0 }
              management { host = "%1$s", port = %3$d }
              http { host = "%1$s", port = %4$d }
              media { bind = "%1$s", port = %5$d }
              accounts = [
            %6$s
              ]
              db { url = %7$s, user = %8$s, password = "", password = ${?%9$s} }
              limits {
                reads-per-second = 0
                writes-per-second = 0
                connects-per-second = 0
                failures-per-minute = 0
                concurrent-rooms = 10000000
              }
              callbacks.allow = ["127.0.0.0/8"]
              # The housekeeper would delete old rooms in the middle of a measurement.
              housekeeping.first-after = 1d
              log.format = text
            }
            %10$s
            """.formatted(
                        MeasuredNode.HOST,
                        clusterPort,
                        managementPort,
                        httpPort,
                        Ports.free(),
                        accounts.stream()
                                .map(account -> "    { sid = " + account.sid() + ", auth-tokens = ["
                                        + account.authToken() + "] }")
                                .collect(Collectors.joining("\n")),
                        ConfigUtil.quoteString(database.url()),
                        ConfigUtil.quoteString(database.user()),
                        PASSWORD,
                        overrides.entrySet().stream()
                                .map(entry -> entry.getKey() + " = " + entry.getValue())
                                .sorted()
                                .collect(Collectors.joining("\n")));
    }

    NodeSample sample() throws IOException {
        return node.sample();
    }

    /** Returns the address of the REST API. */
    String url() {
        return "http://" + MeasuredNode.HOST + ":" + httpPort;
    }

    @Override
    public void close() {
        node.close();
    }
}
