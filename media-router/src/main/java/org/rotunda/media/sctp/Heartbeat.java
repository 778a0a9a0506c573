package org.rotunda.media.sctp;

import static org.rotunda.media.time.Deadline.NO_DEADLINE;

import io.netty.buffer.ByteBuf;

/** Distinguishes a lost peer from an idle one (RFC 9260 §8.3), and measures the round-trip time. */
final class Heartbeat {
    private static final int INFO_BYTES = 16; // A header of 4 bytes, the sending time and a serial number.

    private final SctpSettings settings;
    private final RtoEstimator rto;
    private long deadlineNanos = NO_DEADLINE;
    private boolean unanswered;
    private int number;

    Heartbeat(SctpSettings settings, RtoEstimator rto) {
        this.settings = settings;
        this.rto = rto;
    }

    void start(long nowNanos) {
        unanswered = false;
        deadlineNanos = nowNanos + settings.heartbeatIntervalMs() * 1_000_000L;
    }

    void stop() {
        deadlineNanos = NO_DEADLINE;
    }

    /** Restarts the heartbeat interval, because an acknowledgement shows that the peer is alive. */
    void onSignOfLife(long nowNanos) {
        if (deadlineNanos != NO_DEADLINE) {
            start(nowNanos);
        }
    }

    boolean isDue(long nowNanos) {
        return deadlineNanos <= nowNanos;
    }

    /** Sends a HEARTBEAT. Returns true if the previous HEARTBEAT was not answered. */
    boolean send(Replies replies, long nowNanos) {
        boolean missed = unanswered;
        if (missed) {
            rto.backOff();
        }
        unanswered = true;
        number++;
        replies.reply(
                ChunkType.HEARTBEAT,
                0,
                value -> value.writeShort(ChunkType.PARAMETER_HEARTBEAT_INFO)
                        .writeShort(INFO_BYTES)
                        .writeLong(nowNanos)
                        .writeInt(number));
        // An unanswered HEARTBEAT is repeated after two RTOs, or after the regular interval if that is shorter.
        deadlineNanos = nowNanos + Math.min(settings.heartbeatIntervalMs() * 1_000_000L, 2 * rto.rtoNanos());
        return missed;
    }

    /** Echoes the peer's HEARTBEAT. Returns false if the echo does not fit in one of our packets. */
    boolean answer(ByteBuf packet, int chunk, Replies replies) {
        int infoBytes = SctpPacket.chunkLength(packet, chunk) - SctpPacket.CHUNK_HEADER_BYTES;
        if (SctpPacket.HEADER_BYTES + SctpPacket.CHUNK_HEADER_BYTES + infoBytes > settings.packetBytesMax()) {
            return false;
        }
        replies.reply(
                ChunkType.HEARTBEAT_ACK,
                0,
                value -> value.writeBytes(packet, chunk + SctpPacket.CHUNK_HEADER_BYTES, infoBytes));
        return true;
    }

    /** Handles a HEARTBEAT ACK. Returns false if it does not answer our last HEARTBEAT. */
    boolean onAck(ByteBuf packet, int chunk, long nowNanos) {
        if (!unanswered
                || SctpPacket.chunkLength(packet, chunk) != SctpPacket.CHUNK_HEADER_BYTES + INFO_BYTES
                || packet.getInt(chunk + 16) != number) {
            return false;
        }
        rto.onMeasurement(nowNanos - packet.getLong(chunk + 8));
        start(nowNanos);
        return true;
    }

    long nextDeadlineNanos() {
        return deadlineNanos;
    }
}
