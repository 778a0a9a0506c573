package org.rotunda.media.feedback;

import static org.rotunda.media.time.Deadline.NO_DEADLINE;

import java.util.Arrays;
import org.rotunda.media.rtp.SequenceNumbers;
import org.rotunda.media.time.Deadline;

/**
 * Decides which lost packets of one RTP stream to ask for again (Generic NACK, RFC 4585 §6.2.1).
 *
 * <p>Sans-IO: packets and time come in as arguments, and requests leave through {@link Sink}. Owned by one event loop.
 * A missing packet is requested when {@link #REORDER_PACKETS} newer packets have come or {@link #REORDER_NANOS} have
 * passed. The request is repeated every RTT. After the last try, or if the gap is wider than the window, the loss is
 * reported as unrecoverable, at most once per method call.
 */
public final class NackGenerator {
    /** Receives the requests. All requests that one call of a generator method causes belong in one RTCP message. */
    public interface Sink {
        void nack(int sequenceNumber);

        /** Called when packets are lost for good. A video stream then needs a key frame. */
        void unrecoverable();
    }

    static final int WINDOW_PACKETS = 512; // A power of two. 512 packets are about half a second of 1080p.
    static final int NACKS_PER_PACKET_MAX = 10;

    /**
     * The number of newer packets after which a missing packet is requested. An earlier request could be for a packet
     * that is only reordered.
     */
    static final int REORDER_PACKETS = 3;

    static final long REORDER_NANOS = 10_000_000;
    // A resent packet may wait in a queue. A second request within this time would bring the packet twice.
    static final long RETRY_NANOS_MIN = 50_000_000;
    static final long RETRY_NANOS_MAX = 500_000_000; // With this bound, ten tries end before a jitter buffer gives up.

    /**
     * The number of successive packets outside the window after which the sender counts as restarted (RFC 3550 §A.1).
     */
    static final int RESTART_PACKETS = 3;

    private final Sink sink;
    // For each packet of the window, the number of requests left plus one; 0 means received or given up.
    private final byte[] nacksLeft = new byte[WINDOW_PACKETS];
    private final long[] dueNanos = new long[WINDOW_PACKETS];
    private long highest = -1; // The highest extended sequence number; -1 before the first packet.
    private long retryNanos;
    private long deadlineNanos = NO_DEADLINE;
    private int outstanding;
    private int strayNext = -1; // The sequence number that would continue a run of packets outside the window.
    private int strays;
    private long requested;
    private long recovered;
    private long givenUp;

    /** Makes a generator that assumes {@code rttNanos} until the round-trip time is measured. */
    public NackGenerator(Sink sink, long rttNanos) {
        this.sink = sink;
        onRtt(rttNanos);
    }

    /** Sets the measured round-trip time to the sender. Later repeats wait for this time, within bounds. */
    public void onRtt(long rttNanos) {
        retryNanos = Math.max(RETRY_NANOS_MIN, Math.min(RETRY_NANOS_MAX, rttNanos));
    }

    /** Handles a packet of the stream. */
    public void onPacket(int sequenceNumber, long nowNanos) {
        if (highest < 0) {
            highest = SequenceNumbers.first(sequenceNumber);
            return;
        }
        long packet = SequenceNumbers.unwrap(sequenceNumber, highest);
        if (packet > highest + WINDOW_PACKETS || packet <= highest - WINDOW_PACKETS) {
            onStray(sequenceNumber, packet > highest);
            return;
        }
        strays = 0;
        if (packet <= highest) {
            settle(packet);
        } else {
            advanceTo(packet, nowNanos);
        }
    }

    /** Handles a lost packet that was restored from RTX (RFC 4588). */
    public void onRecovered(int sequenceNumber, long nowNanos) {
        onPacket(sequenceNumber, nowNanos);
    }

    public void onTimeout(long nowNanos) {
        if (deadlineNanos > nowNanos) {
            return;
        }
        deadlineNanos = NO_DEADLINE;
        boolean lostForGood = false;
        for (long packet = highest - WINDOW_PACKETS + 1; packet < highest; packet++) {
            int slot = slot(packet);
            if (nacksLeft[slot] == 0) {
                continue;
            }
            if (dueNanos[slot] <= nowNanos && !ask(packet, nowNanos)) {
                lostForGood = true;
                continue;
            }
            deadlineNanos = Deadline.min(deadlineNanos, dueNanos[slot]);
        }
        if (lostForGood) {
            sink.unrecoverable();
        }
    }

    public long nextDeadlineNanos() {
        return deadlineNanos;
    }

    /** Stops asking for packets older than a key frame, because the decoder no longer needs them. */
    public void onKeyFrame(int sequenceNumber) {
        if (highest < 0 || outstanding == 0) {
            return;
        }
        long keyFrame = Math.min(SequenceNumbers.unwrap(sequenceNumber, highest), highest);
        for (long packet = highest - WINDOW_PACKETS + 1; packet < keyFrame; packet++) {
            clear(slot(packet));
        }
    }

    /** Returns the number of missing packets that are still awaited. */
    public int outstanding() {
        return outstanding;
    }

    /** Returns the number of requests, repeats included. */
    public long requested() {
        return requested;
    }

    /** Returns the number of missing packets that arrived later, resent or reordered. */
    public long recovered() {
        return recovered;
    }

    public long givenUp() {
        return givenUp;
    }

    private void advanceTo(long packet, long nowNanos) {
        boolean lostForGood = false;
        long previous = highest;
        highest = packet;
        for (long entered = previous + 1; entered <= packet; entered++) {
            lostForGood |= leave(entered); // The packet that used this slot leaves the window.
            if (entered < packet) {
                int slot = slot(entered);
                nacksLeft[slot] = NACKS_PER_PACKET_MAX + 1; // The extra step is the wait after the last NACK.
                dueNanos[slot] = nowNanos + REORDER_NANOS;
                deadlineNanos = Deadline.min(deadlineNanos, dueNanos[slot]);
                outstanding++;
            }
        }
        if (outstanding > 0) {
            long first = Math.max(previous - REORDER_PACKETS, packet - WINDOW_PACKETS) + 1;
            for (long overtaken = first; overtaken <= packet - REORDER_PACKETS; overtaken++) {
                if (nacksLeft[slot(overtaken)] == NACKS_PER_PACKET_MAX + 1) {
                    ask(overtaken, nowNanos);
                    deadlineNanos = Deadline.min(deadlineNanos, dueNanos[slot(overtaken)]);
                }
            }
        }
        if (lostForGood) {
            sink.unrecoverable();
        }
    }

    /** Requests the packet again. Returns false if no try is left; the packet is then given up. */
    private boolean ask(long packet, long nowNanos) {
        int slot = slot(packet);
        if (nacksLeft[slot] == 1) {
            giveUp(slot);
            return false;
        }
        nacksLeft[slot]--;
        dueNanos[slot] = nowNanos + retryNanos;
        requested++;
        sink.nack((int) (packet & 0xFFFF));
        return true;
    }

    private void settle(long packet) {
        int slot = slot(packet);
        if (nacksLeft[slot] > 0) {
            recovered++;
            clear(slot);
        }
    }

    private boolean leave(long entering) {
        int slot = slot(entering);
        boolean missing = nacksLeft[slot] > 0;
        if (missing) {
            giveUp(slot);
        }
        return missing;
    }

    private void giveUp(int slot) {
        givenUp++;
        clear(slot);
    }

    private void clear(int slot) {
        if (nacksLeft[slot] > 0) {
            nacksLeft[slot] = 0;
            outstanding--;
        }
        if (outstanding == 0) {
            deadlineNanos = NO_DEADLINE;
        }
    }

    private void onStray(int sequenceNumber, boolean ahead) {
        strays = sequenceNumber == strayNext ? strays + 1 : 1;
        strayNext = SequenceNumbers.next(sequenceNumber);
        if (strays < RESTART_PACKETS) {
            return;
        }
        strays = 0;
        highest = SequenceNumbers.unwrap(sequenceNumber, ahead ? highest : SequenceNumbers.EXTENDED_START);
        Arrays.fill(nacksLeft, (byte) 0);
        givenUp += outstanding;
        outstanding = 0;
        deadlineNanos = NO_DEADLINE;
        sink.unrecoverable();
    }

    private static int slot(long packet) {
        return (int) packet & (WINDOW_PACKETS - 1);
    }
}
