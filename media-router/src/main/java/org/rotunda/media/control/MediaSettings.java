package org.rotunda.media.control;

import java.time.Duration;
import java.util.List;

/**
 * The keys under {@code rotunda.media}; {@code reference.conf} says what each means.
 *
 * @param bind local address of the UDP sockets
 * @param port of the first event loop; the next loop takes the next port; 0 takes free ones
 * @param loops number of event loops, each with its own port
 * @param advertise one {@code address:port} for each loop as clients reach it; empty advertises the bound addresses
 * @param transportsMax transports this node accepts
 * @param nativeTransport whether epoll may be used where the kernel has it
 * @param segmentation whether runs of equal datagrams to one client may leave in one system call where the kernel can
 *     (UDP GSO)
 * @param abandonedAfter a transport closes itself when neither its client nor its room has been heard of for this time
 */
public record MediaSettings(
        String bind,
        int port,
        int loops,
        List<String> advertise,
        int transportsMax,
        boolean nativeTransport,
        boolean segmentation,
        Duration abandonedAfter) {
    /** The clients of a room that is moving arrive within this time. */
    private static final Duration ABANDONED_AFTER_MIN = Duration.ofSeconds(30);

    public MediaSettings {
        advertise = List.copyOf(advertise);
        if (loops < 1) {
            throw new IllegalArgumentException("rotunda.media.loops must be at least 1: " + loops);
        }
        if (port < 0 || port + loops > 65_536) {
            throw new IllegalArgumentException("rotunda.media.port must leave room for every loop: " + port);
        }
        if (!advertise.isEmpty() && advertise.size() != loops) {
            throw new IllegalArgumentException(
                    "rotunda.media.advertise must name one address for each of the " + loops + " loops: " + advertise);
        }
        if (transportsMax < 1) {
            throw new IllegalArgumentException("rotunda.media.transports-max must be at least 1: " + transportsMax);
        }
        if (abandonedAfter.compareTo(ABANDONED_AFTER_MIN) < 0) {
            throw new IllegalArgumentException("rotunda.media.abandoned-after must be at least "
                    + ABANDONED_AFTER_MIN.toSeconds() + " s: " + abandonedAfter);
        }
    }
}
