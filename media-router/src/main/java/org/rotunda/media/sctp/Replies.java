package org.rotunda.media.sctp;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayDeque;
import java.util.function.Consumer;

/** The control chunks that wait for the next drain. Each chunk has its own verification tag. */
final class Replies {
    /**
     * The largest number of chunks in the queue. A normal batch of packets causes fewer answers. Further answers to a
     * peer that floods us are dropped; the peer can ask again.
     */
    static final int REPLIES_MAX = 64;

    @SuppressWarnings("ArrayRecordComponent") // The record is never compared.
    private record Reply(byte[] chunk, int tag, boolean alone) {}

    private final SctpStatistics statistics;
    private final VerificationTags tags;
    private final ArrayDeque<Reply> replies = new ArrayDeque<>();

    Replies(SctpStatistics statistics, VerificationTags tags) {
        this.statistics = statistics;
        this.tags = tags;
    }

    /** Queues a chunk with the peer's current tag. */
    void reply(int type, int flags, Consumer<ByteBuf> value) {
        add(new Reply(encode(type, flags, value), tags.peer(), false));
    }

    /** Queues a chunk for a peer that has no current association with us. */
    void replyWithTag(int type, int tag, Consumer<ByteBuf> value) {
        add(new Reply(encode(type, 0, value), tag, false));
    }

    /**
     * Queues a chunk that is sent alone in a packet, as RFC 9260 §6.10 demands for INIT, INIT ACK and SHUTDOWN
     * COMPLETE.
     */
    void replyAlone(int type, int flags, int tag, Consumer<ByteBuf> value) {
        add(new Reply(encode(type, flags, value), tag, true));
    }

    boolean isEmpty() {
        return replies.isEmpty();
    }

    void clear() {
        replies.clear();
    }

    void drainTo(PacketWriter writer) {
        while (!replies.isEmpty()) {
            Reply reply = replies.removeFirst();
            writer.useTag(reply.tag);
            if (reply.alone) {
                writer.flush();
            }
            writer.writeChunk(reply.chunk);
            if (reply.alone) {
                writer.flush();
            }
        }
        writer.useTag(tags.peer());
    }

    private void add(Reply reply) {
        if (replies.size() >= REPLIES_MAX) {
            statistics.drop(SctpDrop.CONTROL_QUEUE_FULL);
            return;
        }
        replies.addLast(reply);
    }

    private static byte[] encode(int type, int flags, Consumer<ByteBuf> value) {
        ByteBuf chunk = Unpooled.buffer(64);
        chunk.writeByte(type).writeByte(flags).writeShort(0);
        value.accept(chunk);
        int length = chunk.writerIndex();
        chunk.setShort(2, length).writeZero(SctpPacket.padded(length) - length);
        byte[] bytes = new byte[chunk.readableBytes()];
        chunk.readBytes(bytes);
        return bytes;
    }
}
