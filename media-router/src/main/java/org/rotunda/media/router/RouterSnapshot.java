package org.rotunda.media.router;

import java.util.Map;
import org.rotunda.media.control.DownlinkStatistics;
import org.rotunda.media.control.NetworkQuality;

/**
 * The counts of one event loop's rooms at one moment. The counters begin at the start of the process.
 *
 * @param rooms the rooms whose first loop this is, so that a room on several loops counts once
 * @param relayedPackets the packets and messages passed to other loops of the node
 * @param faults the numbers of transports that a defect of ours has ended, by the place of the defect
 */
public record RouterSnapshot(
        int rooms,
        int transports,
        int publications,
        int subscriptions,
        long forwardedPackets,
        long relayedPackets,
        long keyFrameRequests,
        long retransmissions,
        Map<String, Long> drops,
        Map<String, Long> faults,
        NetworkQuality quality,
        DownlinkStatistics downlinks) {
    public RouterSnapshot {
        drops = Map.copyOf(drops);
        faults = Map.copyOf(faults);
    }
}
