package org.rotunda.media.sctp;

import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;

/**
 * Computes the TSN up to which the peer may skip abandoned chunks, and sends this TSN in a FORWARD TSN chunk (RFC 3758
 * §3.2, §3.5).
 */
final class ForwardTsn {
    private final int[] streamIds;
    private final int[] ssns;
    private int streams;
    private int advancedTsn;

    ForwardTsn(SctpSettings settings) {
        int room = settings.packetBytesMax() - SctpPacket.HEADER_BYTES - 8;
        streamIds = new int[room / 4];
        ssns = new int[room / 4];
    }

    /** Computes the TSN up to which the peer may skip. Returns whether that TSN is past the cumulative TSN. */
    boolean update(ArrayDeque<SentChunk> outstanding, int cumulativeAcked) {
        advancedTsn = cumulativeAcked;
        streams = 0;
        for (SentChunk chunk : outstanding) {
            if (chunk.state == SentChunk.State.ACKED) {
                continue; // The peer has this chunk already.
            }
            if (chunk.state != SentChunk.State.ABANDONED || !note(chunk)) {
                break;
            }
            advancedTsn = chunk.tsn;
        }
        return advancedTsn != cumulativeAcked;
    }

    void writeTo(PacketWriter writer) {
        ByteBuf out = writer.beginChunk(ChunkType.FORWARD_TSN, 0, 4 + 4 * streams);
        out.writeInt(advancedTsn);
        for (int i = 0; i < streams; i++) {
            out.writeShort(streamIds[i]).writeShort(ssns[i]);
        }
        writer.endChunk();
    }

    /**
     * Notes the last stream sequence number to skip in an ordered stream. Returns false if the FORWARD TSN chunk is
     * full.
     */
    private boolean note(SentChunk chunk) {
        OutgoingMessage message = chunk.message;
        if (message.unordered) {
            return true;
        }
        for (int i = 0; i < streams; i++) {
            if (streamIds[i] == message.stream.streamId) {
                ssns[i] = message.ssn; // Chunks come in TSN order, so the numbers of one stream only rise.
                return true;
            }
        }
        if (streams == streamIds.length) {
            return false;
        }
        streamIds[streams] = message.stream.streamId;
        ssns[streams] = message.ssn;
        streams++;
        return true;
    }
}
