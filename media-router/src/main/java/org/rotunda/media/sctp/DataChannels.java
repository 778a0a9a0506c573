package org.rotunda.media.sctp;

import io.netty.buffer.ByteBuf;
import java.util.List;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * The data channels of one transport: SCTP over DTLS with in-band set-up (RFC 8831, 8832). Sans-IO: every input carries the time, every
 * input is followed by {@link #drainTo} and {@link #nextDeadlineNanos}. Owned by one event loop.
 *
 * <p>We are the DTLS server: odd stream ids are ours.
 */
@SuppressWarnings({"DoNotCallSuggester", "UnusedVariable"
}) // Types first, for those who compose; the machine lands next.
public final class DataChannels {
    public DataChannels(SctpSettings settings, RandomGenerator random, DataChannelListener listener) {
        throw new UnsupportedOperationException("lands next");
    }

    /** DTLS is up: begins the association. The peer may begin it as well, also without this call. */
    public void start(long nowNanos) {
        throw new UnsupportedOperationException("lands next");
    }

    /** One decrypted SCTP packet, borrowed for the call. */
    public void onPacket(ByteBuf packet, long nowNanos) {
        throw new UnsupportedOperationException("lands next");
    }

    public void onTimeout(long nowNanos) {
        throw new UnsupportedOperationException("lands next");
    }

    /** Hands over every packet that may leave now; the consumer owns each. */
    public void drainTo(Consumer<ByteBuf> packets) {
        throw new UnsupportedOperationException("lands next");
    }

    public long nextDeadlineNanos() {
        throw new UnsupportedOperationException("lands next");
    }

    /** Opens a channel towards the peer; messages may be sent at once. Returns its stream id, or -1 when no id is free. */
    public int open(String label, ChannelParameters parameters, long nowNanos) {
        throw new UnsupportedOperationException("lands next");
    }

    /** Takes over a channel the peer already has from another node. False if the id is in use or out of range. */
    public boolean adopt(ChannelInfo channel, long nowNanos) {
        throw new UnsupportedOperationException("lands next");
    }

    /** The channels that are open, by stream id: what another node needs to adopt them. */
    public List<ChannelInfo> channels() {
        throw new UnsupportedOperationException("lands next");
    }

    /** Queues a copy of the message. False, and counted, when the channel is not open, its buffer is full or the message too long. */
    public boolean send(int streamId, ByteBuf payload, boolean binary, long nowNanos) {
        throw new UnsupportedOperationException("lands next");
    }

    /** What the peer has not confirmed, oldest first, so that another node can repeat it. */
    public List<UnacknowledgedMessage> unacknowledged(int streamId) {
        throw new UnsupportedOperationException("lands next");
    }

    /** Closes a channel once its queue is empty, by stream reset (RFC 8831 §6.7). */
    public void close(int streamId, long nowNanos) {
        throw new UnsupportedOperationException("lands next");
    }

    /** Orderly end: what is queued is delivered first. */
    public void shutdown(long nowNanos) {
        throw new UnsupportedOperationException("lands next");
    }

    /** Ends the association for good: one ABORT leaves with the next drain. Never on a node that only stops (the client would close its channels). */
    public void abort(long nowNanos) {
        throw new UnsupportedOperationException("lands next");
    }

    /** Forgets everything without a word to the peer or the listener: the client is, or will be, carried by another node. */
    public void dispose() {
        throw new UnsupportedOperationException("lands next");
    }

    public SctpStats stats() {
        throw new UnsupportedOperationException("lands next");
    }
}
