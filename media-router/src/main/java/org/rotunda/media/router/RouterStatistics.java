package org.rotunda.media.router;

import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.rotunda.media.transport.Transport;

/** The counts of one event loop. They include the counts of closed transports. Used on the loop only. */
@SuppressWarnings("EnumOrdinal") // The ordinal is an index into an array of this process; it is never stored or sent.
final class RouterStatistics {
    private static final RouterDrop[] REASONS = RouterDrop.values();

    private final long[] drops = new long[REASONS.length];
    private final Map<RouterFault, Long> faults = new EnumMap<>(RouterFault.class);
    private final Map<String, Long> dropsOfClosed = new HashMap<>();
    private long relayedPackets;
    private long forwardedPacketsOfClosed;
    private long keyFrameRequestsOfClosed;
    private long retransmissionsOfClosed;
    private long overusesOfClosed;
    private long probesOfClosed;

    void count(RouterDrop reason) {
        drops[reason.ordinal()]++;
    }

    void count(RouterFault place) {
        faults.merge(place, 1L, Long::sum);
    }

    /** Counts a packet or a message that was passed to another loop. */
    void onRelayed() {
        relayedPackets++;
    }

    long relayedPackets() {
        return relayedPackets;
    }

    /** Returns the number of faults at each place, by the metric name of the place. */
    Map<String, Long> faults() {
        Map<String, Long> byName = new HashMap<>();
        faults.forEach((place, count) -> byName.put(place.metricName(), count));
        return byName;
    }

    void transportClosed(Transport transport) {
        forwardedPacketsOfClosed += transport.forwardedPackets();
        keyFrameRequestsOfClosed += transport.keyFrameRequests();
        retransmissionsOfClosed += transport.retransmissions();
        overusesOfClosed += transport.overuses();
        probesOfClosed += transport.probes();
        transport.addDropsTo(dropsOfClosed);
    }

    long forwardedPackets(Collection<Transport> open) {
        return forwardedPacketsOfClosed
                + open.stream().mapToLong(Transport::forwardedPackets).sum();
    }

    long keyFrameRequests(Collection<Transport> open) {
        return keyFrameRequestsOfClosed
                + open.stream().mapToLong(Transport::keyFrameRequests).sum();
    }

    long retransmissions(Collection<Transport> open) {
        return retransmissionsOfClosed
                + open.stream().mapToLong(Transport::retransmissions).sum();
    }

    /** Returns the number of times that the delay to a client began to rise. */
    long overuses(Collection<Transport> open) {
        return overusesOfClosed + open.stream().mapToLong(Transport::overuses).sum();
    }

    long probes(Collection<Transport> open) {
        return probesOfClosed + open.stream().mapToLong(Transport::probes).sum();
    }

    /**
     * Adds to the map the drops of {@link RouterDrop}, and the drops of ICE, DTLS and SCTP in all open and closed
     * transports.
     */
    void addTo(Map<String, Long> byName, Collection<Transport> open) {
        dropsOfClosed.forEach((reason, count) -> byName.merge(reason, count, Long::sum));
        open.forEach(transport -> transport.addDropsTo(byName));
        for (RouterDrop reason : REASONS) {
            if (drops[reason.ordinal()] > 0) {
                byName.merge(reason.name().toLowerCase(Locale.ROOT), drops[reason.ordinal()], Long::sum);
            }
        }
    }
}
