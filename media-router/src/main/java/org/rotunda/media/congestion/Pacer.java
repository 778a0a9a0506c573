package org.rotunda.media.congestion;

import static org.rotunda.media.time.Deadline.NO_DEADLINE;

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
 * #nextDeadlineNanos}, as many at a time as the bucket allows, so that they still form runs.
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

    /** The depth of the bucket in time: what leaves at once after a pause. */
    public static final long BUCKET_NANOS = 40_000_000;

    /** The longest time that a packet is held. */
    public static final long HELD_NANOS_MAX = 250_000_000;

    /** The number of packets held: a key frame of 600 kB. */
    public static final int PACKETS_MAX = 512;

    /** Makes a pacer with an empty queue and a full bucket. */
    public Pacer(Sink<P> sink, long bps, long nowNanos) {}

    /** Sets the rate, {@link DownlinkController#pacingBps}. */
    public void setRate(long bps, long nowNanos) {}

    /** Returns true if the packet may leave now; then it is charged to the bucket. */
    public boolean tryPass(int sizeBytes, int kind, long nowNanos) {
        return true;
    }

    /** Holds a packet that {@link #tryPass} refused. If the queue is full, its oldest packet leaves within the call. */
    public void hold(P packet, int sizeBytes, long nowNanos) {}

    /** Releases what is due. */
    public void onTimeout(long nowNanos) {}

    /** Hands all held packets to another sink, for example to release their buffers when the transport closes. */
    public void drainTo(Sink<? super P> other) {}

    public long nextDeadlineNanos() {
        return NO_DEADLINE;
    }

    /** Returns the number of packets held. */
    public int held() {
        return 0;
    }

    /** Returns the bytes held. */
    public int heldBytes() {
        return 0;
    }
}
