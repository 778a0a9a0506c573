package org.rotunda.media.control;

import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;

/**
 * The keys under {@code rotunda.media.tcp}; {@code reference.conf} explains each key.
 *
 * @param enabled true if each event loop also listens on a TCP port
 * @param port the TCP port of the first event loop; each further loop takes the next port. If 0, each loop takes a free
 *     port. If empty, each loop takes the number of its UDP port
 * @param advertise the {@code address:port} at which clients reach the TCP port of each loop; if empty, it follows from
 *     the advertised UDP addresses
 * @param connectionsMax the maximum number of TCP connections of one loop
 * @param connectionsPerAddressMax the maximum number of TCP connections of one loop from one IPv4 address or one IPv6
 *     prefix of 64 bits
 * @param acceptsPerSecond the number of TCP connections that one loop accepts in a second
 * @param checkTimeout the time in which a new TCP connection must bring an authentic STUN check
 * @param checkBytesMax the maximum number of bytes of a TCP connection before its first authentic STUN check
 */
public record MediaTcpSettings(
        boolean enabled,
        OptionalInt port,
        List<String> advertise,
        int connectionsMax,
        int connectionsPerAddressMax,
        int acceptsPerSecond,
        Duration checkTimeout,
        int checkBytesMax) {
    /** The values of {@code reference.conf}. */
    public static final MediaTcpSettings DEFAULT = new MediaTcpSettings(
            true, OptionalInt.empty(), List.of(), 2_000, 500, 200, Duration.ofSeconds(10), 2 << 20);

    /** Settings without TCP. */
    public static final MediaTcpSettings OFF = DEFAULT.withEnabled(false);

    private static final int PORT_MAX = 65_535;

    public MediaTcpSettings {
        advertise = List.copyOf(advertise);
        if (port.isPresent() && (port.getAsInt() < 0 || port.getAsInt() > PORT_MAX)) {
            throw new IllegalArgumentException("rotunda.media.tcp.port must be a port: " + port.getAsInt());
        }
        requirePositive("connections-max", connectionsMax);
        requirePositive("connections-per-address-max", connectionsPerAddressMax);
        requirePositive("accepts-per-second", acceptsPerSecond);
        requirePositive("check-bytes-max", checkBytesMax);
        if (checkTimeout.isNegative() || checkTimeout.isZero()) {
            throw new IllegalArgumentException("rotunda.media.tcp.check-timeout must be above 0: " + checkTimeout);
        }
    }

    private static void requirePositive(String key, int value) {
        if (value < 1) {
            throw new IllegalArgumentException("rotunda.media.tcp." + key + " must be at least 1: " + value);
        }
    }

    /** Checks the keys that depend on the number of loops. */
    void checkLoops(int loops) {
        if (port.orElse(0) + loops > PORT_MAX + 1) {
            throw new IllegalArgumentException(
                    "rotunda.media.tcp.port must leave room for every loop: " + port.getAsInt());
        }
        if (!advertise.isEmpty() && advertise.size() != loops) {
            throw new IllegalArgumentException("rotunda.media.tcp.advertise must name one address for each of the "
                    + loops + " loops: " + advertise);
        }
    }

    public MediaTcpSettings withEnabled(boolean on) {
        return new MediaTcpSettings(
                on,
                port,
                advertise,
                connectionsMax,
                connectionsPerAddressMax,
                acceptsPerSecond,
                checkTimeout,
                checkBytesMax);
    }

    /** Returns the same limits for a second router on this machine, which takes the ports that it gets. */
    public MediaTcpSettings withFreePorts() {
        return new MediaTcpSettings(
                enabled,
                OptionalInt.empty(),
                List.of(),
                connectionsMax,
                connectionsPerAddressMax,
                acceptsPerSecond,
                checkTimeout,
                checkBytesMax);
    }
}
