package org.rotunda.load.bot;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.rotunda.load.client.Tokens;
import org.rotunda.node.RotundaNode;
import org.rotunda.node.config.NodeConfiguration;

/** A node of the product in the JVM of the test, with a fleet of bots. */
public final class BotNode implements AutoCloseable {
    private final RotundaNode node;
    private final BotFleet fleet;
    private final AtomicInteger rooms = new AtomicInteger();

    public BotNode() {
        this(Map.of());
    }

    /**
     * Starts a node with these settings in place of the defaults. Keys and values are written as in a configuration
     * file.
     */
    public BotNode(Map<String, String> overrides) {
        try {
            Path data = Files.createTempDirectory("rotunda-bot-tests");
            Map<String, String> settings = new HashMap<>(Map.of(
                    "rotunda.http.port",
                    "0",
                    "rotunda.media.bind",
                    "127.0.0.1",
                    "rotunda.media.port",
                    "0",
                    "rotunda.management.port",
                    "0",
                    "rotunda.db.url",
                    "\"jdbc:h2:file:" + data.resolve("rotunda") + "\""));
            settings.putAll(overrides);
            node = RotundaNode.start(NodeConfiguration.dev(settings));
            fleet = BotFleet.start(1);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    public BotFleet fleet() {
        return fleet;
    }

    public RotundaNode node() {
        return node;
    }

    /** Returns a room name that no other test of this node uses. */
    public String freshRoom() {
        return "bots-" + rooms.incrementAndGet();
    }

    public URI signaling() {
        return URI.create(node.httpUrl().replaceFirst("^http", "ws") + "/signaling");
    }

    public BotSettings settings(String room, String identity) {
        return BotSettings.of(signaling(), () -> Tokens.forAnyRoom(identity), room, identity);
    }

    public Bot join(BotSettings settings) {
        return fleet.join(settings)
                .toCompletableFuture()
                .orTimeout(60, TimeUnit.SECONDS)
                .join();
    }

    @Override
    public void close() {
        fleet.close();
        node.close();
    }
}
