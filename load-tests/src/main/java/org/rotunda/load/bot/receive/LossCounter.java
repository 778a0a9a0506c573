package org.rotunda.load.bot.receive;

import org.rotunda.media.rtp.SequenceNumbers;

/**
 * The number of lost packets of one RTP stream, computed from sequence numbers alone. A packet counts as lost from the
 * arrival of a later packet until it arrives itself. Sans-IO; owned by one loop.
 *
 * <p>The counter does not remember single packets, so a packet that arrives twice hides a lost packet.
 */
public final class LossCounter {
    private static final long NONE = -1;

    private long first = NONE; // The extended sequence number of the first packet; NONE before the first packet.
    private long highest;
    private long received;

    /** Counts a packet. Packets must be passed in the order of arrival. */
    public void onPacket(int sequenceNumber) {
        if (first == NONE) {
            first = SequenceNumbers.first(sequenceNumber);
            highest = first;
            received = 1;
            return;
        }
        long packet = SequenceNumbers.unwrap(sequenceNumber, highest);
        if (packet < first) {
            return; // The packet was sent before the counter began, so it was never missing.
        }
        highest = Math.max(highest, packet);
        received++;
    }

    /** Returns the number of packets that are missing between the first and the newest packet. */
    public long lost() {
        return first == NONE ? 0 : Math.max(0, highest - first + 1 - received);
    }
}
