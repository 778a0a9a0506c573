package org.rotunda.media.sctp;

import io.netty.buffer.ByteBuf;

/**
 * Holds the two tags of an association and decides whether a packet belongs to the association (RFC 9260 §8.5). Without
 * an association both tags are 0. The peer's tag is also 0 until the INIT ACK comes.
 */
final class VerificationTags {
    private int local;
    private int peer;

    /** Returns the tag that the peer's packets carry. */
    int local() {
        return local;
    }

    /** Returns the tag that our packets carry. */
    int peer() {
        return peer;
    }

    void set(int localTag, int peerTag) {
        local = localTag;
        peer = peerTag;
    }

    void clear() {
        set(0, 0);
    }

    /**
     * Returns whether the packet has the right tag (§8.5.1). The tag of a COOKIE ECHO is checked later, against its
     * cookie.
     */
    boolean isValid(ByteBuf packet) {
        int tag = SctpPacket.verificationTag(packet);
        int chunk = SctpPacket.firstChunk(packet);
        return switch (SctpPacket.chunkType(packet, chunk)) {
            case ChunkType.INIT -> tag == 0;
            case ChunkType.COOKIE_ECHO -> true;
            case ChunkType.ABORT, ChunkType.SHUTDOWN_COMPLETE -> {
                boolean isReflected = (SctpPacket.chunkFlags(packet, chunk) & ChunkType.FLAG_TAG_REFLECTED) != 0;
                yield local != 0 && tag == (isReflected ? peer : local);
            }
            default -> local != 0 && tag == local;
        };
    }
}
