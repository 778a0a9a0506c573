package org.rotunda.media.congestion;

import static org.rotunda.media.time.Deadline.NO_DEADLINE;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Spreads bursts of one egress transport, such as key frames, so that they do not fill the queue of the bottleneck.
 * Sans-IO; owned by the event loop of the transport. Holds references to packets, never copies.
 *
 * <p>It is a token bucket: {@link #BUCKET_NANOS} deep, filled at {@link #setRate}. Most packets never enter a queue:
 *
 * <pre>{@code
 * if (pacer.tryPass(size, kind, now)) {
 *     send(packet);                    // the usual case: two additions and a comparison
 * } else {
 *     packet.retain();
 *     pacer.hold(packet, size, now);   // the sink gets it later
 * }
 * }</pre>
 *
 * <p>Audio and retransmissions always pass; they are charged to the bucket, so video makes room for them. A video packet
 * passes only if nothing is held, so the order of video is kept. Held packets leave by {@link #onTimeout} at {@link
 * #nextDeadlineNanos}, as many at a time as {@link #RELEASE_NANOS} of the rate allow, so that they still form runs.
 * Transport-wide sequence numbers are given when a packet leaves, not when it is held.
 *
 * <p>The pacer never drops. If the queue is full, or the oldest packet has been held for {@link #HELD_NANOS_MAX}, packets
 * leave although the bucket is empty: a burst may be lost in the network, but a packet dropped here is lost for certain.
 *
 * @param <P> the packet as the transport keeps it: with its reference count, and whatever is needed to write it
 */
public final class Pacer<P> {
    /** Takes the packets that are released, in their order. It must send them within the call. */
    public interface Sink<P> {
        void onReleased(P packet);
    }

    /** The kind of a packet that may be held. */
    public static final int VIDEO = 0;

    /** The kind of packets that always pass: audio, retransmissions, probes. */
    public static final int URGENT = 1;

    /**
     * The depth of the bucket in time: what leaves at once after a pause. It holds a frame of a source that sends 30 frames
     * a second and uses the whole estimate, so that only larger frames, such as key frames, are spread.
     */
    public static final long BUCKET_NANOS = 30_000_000;

    /** The time between two releases of held packets. */
    public static final long RELEASE_NANOS = 5_000_000;

    /** The longest time that a packet is held. */
    public static final long HELD_NANOS_MAX = 250_000_000;

    /** The number of packets held: a key frame of 600 kB. */
    public static final int PACKETS_MAX = 512;

    private static final int PACKETS_START = 64; // A power of two, as is every later size.

    private final Sink<P> sink;
    private double bitsPerNano;
    private double tokens; // In bits; negative after more has left than the bucket had.
    private long filledNanos;
    // The ring is made when the first packet is held, because most transports never hold one.
    private @Nullable Object[] packets = new @Nullable Object[0];
    private int[] sizes = new int[0];
    private long[] heldSince = new long[0];
    private int first;
    private int held;
    private int heldBytes;
    private long forced;

    /** Makes a pacer with an empty queue and a full bucket. */
    public Pacer(Sink<P> sink, long bps, long nowNanos) {
        this.sink = sink;
        bitsPerNano = bps / 1e9;
        tokens = depth();
        filledNanos = nowNanos;
    }

    /** Sets the rate, {@link DownlinkController#pacingBps}. */
    public void setRate(long bps, long nowNanos) {
        fill(nowNanos);
        bitsPerNano = bps / 1e9;
        tokens = Math.min(tokens, depth());
    }

    /** Returns true if the packet may leave now; then it is charged to the bucket. */
    public boolean tryPass(int sizeBytes, int kind, long nowNanos) {
        fill(nowNanos);
        if (kind != URGENT && (held > 0 || tokens <= 0)) {
            return false;
        }
        charge(sizeBytes);
        return true;
    }

    /** Holds a packet that {@link #tryPass} refused. If the queue is full, its oldest packet leaves within the call. */
    public void hold(P packet, int sizeBytes, long nowNanos) {
        if (held == PACKETS_MAX) {
            forced++;
            release();
        }
        if (held == packets.length) {
            grow();
        }
        int slot = slot(held++);
        packets[slot] = packet;
        sizes[slot] = sizeBytes;
        heldSince[slot] = nowNanos;
        heldBytes += sizeBytes;
    }

    /** Releases what is due. */
    public void onTimeout(long nowNanos) {
        fill(nowNanos);
        while (held > 0 && (tokens > 0 || isOverdue(nowNanos))) {
            if (tokens <= 0) {
                forced++;
            }
            release();
        }
    }

    /** Hands all held packets to another sink, for example to release their buffers when the transport closes. */
    public void drainTo(Sink<? super P> other) {
        while (held > 0) {
            other.onReleased(take());
        }
    }

    public long nextDeadlineNanos() {
        if (held == 0) {
            return NO_DEADLINE;
        }
        double missing = fillRate() * RELEASE_NANOS - tokens;
        long filled = filledNanos + Math.max(0, (long) Math.ceil(missing / fillRate()));
        return Math.min(filled, heldSince[first] + HELD_NANOS_MAX);
    }

    /** Returns the number of packets held. */
    public int held() {
        return held;
    }

    /** Returns the bytes held. */
    public int heldBytes() {
        return heldBytes;
    }

    /** Returns how many packets left although the bucket was empty, because the queue was full or they were overdue. */
    public long forced() {
        return forced;
    }

    private boolean isOverdue(long nowNanos) {
        return nowNanos - heldSince[first] >= HELD_NANOS_MAX;
    }

    private void release() {
        charge(sizes[first]);
        sink.onReleased(take());
    }

    @SuppressWarnings("unchecked") // Only hold() puts packets into the ring.
    private P take() {
        int slot = first;
        Object packet = Objects.requireNonNull(packets[slot]);
        packets[slot] = null;
        heldBytes -= sizes[slot];
        first = slot(1);
        held--;
        return (P) packet;
    }

    private void charge(int sizeBytes) {
        tokens = Math.max(-depth(), tokens - sizeBytes * 8.0);
    }

    private void fill(long nowNanos) {
        tokens = Math.min(depth(), tokens + fillRate() * Math.max(0, nowNanos - filledNanos));
        filledNanos = nowNanos;
    }

    /** Returns the rate in bits per nanosecond: fast enough that what is held now leaves in time. */
    private double fillRate() {
        return held == 0 ? bitsPerNano : Math.max(bitsPerNano, heldBytes * 8.0 / HELD_NANOS_MAX);
    }

    private double depth() {
        return bitsPerNano * BUCKET_NANOS;
    }

    private void grow() {
        int capacity = Math.max(PACKETS_START, packets.length * 2);
        @Nullable Object[] larger = new @Nullable Object[capacity];
        int[] largerSizes = new int[capacity];
        long[] largerSince = new long[capacity];
        for (int i = 0; i < held; i++) {
            int slot = slot(i);
            larger[i] = packets[slot];
            largerSizes[i] = sizes[slot];
            largerSince[i] = heldSince[slot];
        }
        Arrays.fill(packets, null);
        packets = larger;
        sizes = largerSizes;
        heldSince = largerSince;
        first = 0;
    }

    private int slot(int index) {
        return (first + index) & (packets.length - 1);
    }
}
