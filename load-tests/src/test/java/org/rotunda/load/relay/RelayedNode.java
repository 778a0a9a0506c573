package org.rotunda.load.relay;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.rotunda.load.bot.BotNode;
import org.rotunda.load.client.Ports;

/** A node of the product with a fleet of bots. All its media over UDP passes a relay, whose address the node advertises. */
public final class RelayedNode implements AutoCloseable {
    private final UdpRelay relay;
    private final BotNode node;

    /**
     * Starts a relay with a clear network, and a node behind it.
     *
     * @param seed the seed of the relay's links
     * @param overrides settings of the node in place of the defaults, as in {@link BotNode}
     */
    public RelayedNode(long seed, Map<String, String> overrides) {
        int mediaPort = Ports.free(); // The relay must know the port before the node starts.
        relay = UdpRelay.open(RelaySettings.loopback(
                List.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), mediaPort)), LinkSchedule.CLEAR, seed));
        Map<String, String> settings = new HashMap<>(Map.of(
                "rotunda.media.port",
                String.valueOf(mediaPort),
                "rotunda.media.loops",
                "1",
                "rotunda.media.tcp.enabled", // A browser could avoid the relay over TCP.
                "off",
                "rotunda.media.advertise",
                "[\"" + relay.advertise().get(0) + "\"]"));
        settings.putAll(overrides);
        node = new BotNode(settings);
    }

    public UdpRelay relay() {
        return relay;
    }

    public BotNode node() {
        return node;
    }

    @Override
    public void close() {
        node.close();
        relay.close();
    }
}
