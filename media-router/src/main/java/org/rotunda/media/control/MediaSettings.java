package org.rotunda.media.control;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The keys under {@code rotunda.media}; {@code reference.conf} explains each key.
 *
 * @param bind the local address of the UDP sockets
 * @param port the UDP port of the first event loop; each further loop takes the next port. If 0, each loop takes a free
 *     port
 * @param loops the number of event loops, each with its own port
 * @param advertise the {@code address:port} at which clients reach each loop; if empty, the bound addresses are
 *     advertised
 * @param transportsMax the maximum number of transports on this node
 * @param loopShare the number of connections of a room on one event loop from which on further ones go to another loop
 * @param egressMax the bit rate sent by this node, in Mbit/s, that counts as a load of 1; 0 if the bit rate does not
 *     count
 * @param packetsMax the number of packets per second, received and sent together, that counts as a load of 1; 0 if the
 *     packets do not count
 * @param nativeTransport true to use epoll if the kernel has it
 * @param segmentation true to send consecutive datagrams of equal length to one client in one system call, if the
 *     kernel supports it (UDP GSO)
 * @param audioWait the time that a packet of audio to a large audience may wait for other packets of audio; 0 for none
 * @param abandonedAfter the time after which a transport is closed if neither its client nor its room is heard
 * @param traces the directory into which traces of the congestion control are written; empty for none
 * @param tcp the TCP ports, for clients whose network lets no UDP through
 */
public record MediaSettings(
        String bind,
        int port,
        int loops,
        List<String> advertise,
        int transportsMax,
        int loopShare,
        int egressMax,
        int packetsMax,
        boolean nativeTransport,
        boolean segmentation,
        Duration audioWait,
        Duration abandonedAfter,
        Optional<Path> traces,
        MediaTcpSettings tcp) {
    /** The minimum of {@code abandonedAfter}. The clients of a room that moves to this node arrive within this time. */
    private static final Duration ABANDONED_AFTER_MIN = Duration.ofSeconds(30);

    /** The maximum of {@code audioWait}: half a packet of Opus, so that a track never waits for its own next packet. */
    private static final Duration AUDIO_WAIT_MAX = Duration.ofMillis(10);

    /** The default of {@code loopShare}. */
    public static final int LOOP_SHARE = 100;

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
        if (loopShare < 1) {
            throw new IllegalArgumentException("rotunda.media.loop-share must be at least 1: " + loopShare);
        }
        if (egressMax < 0 || packetsMax < 0) {
            throw new IllegalArgumentException(
                    "rotunda.media.egress-max and packets-max must not be negative: " + egressMax + ", " + packetsMax);
        }
        if (abandonedAfter.compareTo(ABANDONED_AFTER_MIN) < 0) {
            throw new IllegalArgumentException("rotunda.media.abandoned-after must be at least "
                    + ABANDONED_AFTER_MIN.toSeconds() + " s: " + abandonedAfter);
        }
        if (audioWait.isNegative() || audioWait.compareTo(AUDIO_WAIT_MAX) > 0) {
            throw new IllegalArgumentException(
                    "rotunda.media.audio-wait must be 0 to " + AUDIO_WAIT_MAX.toMillis() + " ms: " + audioWait);
        }
        tcp.checkLoops(loops);
    }

    /** Returns these settings with the addresses of the loops, as clients reach them. */
    public MediaSettings withAdvertise(List<String> addresses) {
        return new MediaSettings(
                bind,
                port,
                loops,
                addresses,
                transportsMax,
                loopShare,
                egressMax,
                packetsMax,
                nativeTransport,
                segmentation,
                audioWait,
                abandonedAfter,
                traces,
                tcp);
    }
}
