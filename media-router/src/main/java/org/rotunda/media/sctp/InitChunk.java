package org.rotunda.media.sctp;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/**
 * Reads and writes INIT and INIT ACK (RFC 9260 §3.3.2, §3.3.3).
 *
 * <pre>
 * |                         Initiate Tag                          |
 * |           Advertised Receiver Window Credit (a_rwnd)          |
 * |  Number of Outbound Streams   |   Number of Inbound Streams   |
 * |                          Initial TSN                          |
 * |              Optional/Variable-Length Parameters              |
 * </pre>
 *
 * @param unrecognized the unknown parameters to report to the peer, whole and padded (§3.2.1); may be empty
 */
@SuppressWarnings("ArrayRecordComponent") // The record lives for one call and is never compared.
record InitChunk(
        int tag,
        long windowBytes,
        int outboundStreams,
        int inboundStreams,
        int initialTsn,
        boolean forwardTsn,
        boolean reconfig,
        byte @Nullable [] cookie,
        byte[] unrecognized) {
    private static final int FIXED_BYTES = 20; // The length of the fixed part, with the chunk header.
    private static final int PARAMETER_IPV4 = 5;
    private static final int PARAMETER_IPV6 = 6;
    private static final int PARAMETER_COOKIE_PRESERVATIVE = 9;
    private static final int PARAMETER_HOST = 11;
    private static final int PARAMETER_ADDRESS_TYPES = 12;
    private static final int PARAMETERS_MAX = 64; // We read at most this many parameters; a peer sends few.
    private static final int UNRECOGNIZED_BYTES_MAX = 256; // The largest report of unknown parameters.
    private static final int WINDOW_BYTES_MIN = 1500; // RFC 9260 §3.3.2 forbids a smaller window.

    /** Reads an INIT or INIT ACK. Returns null if it is malformed or has values that the RFC forbids. */
    static @Nullable InitChunk read(ByteBuf packet, int chunk) {
        if (SctpPacket.chunkLength(packet, chunk) < FIXED_BYTES) {
            return null;
        }
        int tag = packet.getInt(chunk + 4);
        long window = packet.getUnsignedInt(chunk + 8);
        int outbound = packet.getUnsignedShort(chunk + 12);
        int inbound = packet.getUnsignedShort(chunk + 14);
        if (tag == 0 || outbound == 0 || inbound == 0 || window < WINDOW_BYTES_MIN) {
            return null;
        }
        boolean forwardTsn = false;
        boolean reconfig = false;
        byte[] cookie = null;
        ByteBuf unrecognized = Unpooled.buffer(0, UNRECOGNIZED_BYTES_MAX);
        int end = SctpPacket.chunkEnd(packet, chunk);
        int parameter = chunk + FIXED_BYTES;
        for (int count = 0; parameter < end && count < PARAMETERS_MAX; count++) {
            if (!SctpPacket.hasParameter(packet, parameter, end)) {
                return null;
            }
            int type = SctpPacket.parameterType(packet, parameter);
            int length = SctpPacket.parameterLength(packet, parameter);
            int value = parameter + SctpPacket.CHUNK_HEADER_BYTES;
            switch (type) {
                case ChunkType.PARAMETER_FORWARD_TSN -> forwardTsn = true;
                case ChunkType.PARAMETER_SUPPORTED_EXTENSIONS -> {
                    for (int i = value; i < parameter + length; i++) {
                        forwardTsn |= packet.getUnsignedByte(i) == ChunkType.FORWARD_TSN;
                        reconfig |= packet.getUnsignedByte(i) == ChunkType.RE_CONFIG;
                    }
                }
                case ChunkType.PARAMETER_STATE_COOKIE -> {
                    cookie = new byte[length - SctpPacket.CHUNK_HEADER_BYTES];
                    packet.getBytes(value, cookie);
                }
                case PARAMETER_IPV4,
                        PARAMETER_IPV6,
                        PARAMETER_COOKIE_PRESERVATIVE,
                        PARAMETER_HOST,
                        PARAMETER_ADDRESS_TYPES -> {
                    // We ignore these parameters: they have no meaning over DTLS (RFC 8261 §5).
                }
                default -> {
                    boolean isReported = (type & 0x4000) != 0; // This bit asks for a report (§3.2.1).
                    if (isReported
                            && unrecognized.readableBytes() + SctpPacket.padded(length) <= UNRECOGNIZED_BYTES_MAX) {
                        unrecognized.writeBytes(packet, parameter, length);
                        unrecognized.writeZero(SctpPacket.padded(length) - length);
                    }
                    if ((type & 0x8000) == 0) {
                        parameter = end; // Reading stops here; the parameters read so far are kept.
                        continue;
                    }
                }
            }
            parameter = SctpPacket.nextParameter(packet, parameter);
        }
        byte[] report = new byte[unrecognized.readableBytes()];
        unrecognized.readBytes(report);
        return new InitChunk(
                tag, window, outbound, inbound, packet.getInt(chunk + 16), forwardTsn, reconfig, cookie, report);
    }

    /** Writes the chunk value of our INIT, or of our INIT ACK if {@code cookie} is not null. */
    static void write(
            ByteBuf out,
            SctpSettings settings,
            int tag,
            int initialTsn,
            byte @Nullable [] cookie,
            byte[] unrecognized) {
        out.writeInt(tag).writeInt(settings.receiveWindowBytes());
        out.writeShort(settings.streams()).writeShort(settings.streams()).writeInt(initialTsn);
        if (cookie != null) {
            out.writeShort(ChunkType.PARAMETER_STATE_COOKIE).writeShort(4 + cookie.length);
            out.writeBytes(cookie).writeZero(SctpPacket.padded(cookie.length) - cookie.length);
        }
        out.writeShort(ChunkType.PARAMETER_FORWARD_TSN).writeShort(4);
        if (unrecognized.length > 0) {
            writeUnrecognized(out, unrecognized);
        }
        // This parameter comes last because it is not padded: the padding of the chunk follows it.
        out.writeShort(ChunkType.PARAMETER_SUPPORTED_EXTENSIONS).writeShort(6);
        out.writeByte(ChunkType.RE_CONFIG).writeByte(ChunkType.FORWARD_TSN);
    }

    private static void writeUnrecognized(ByteBuf out, byte[] unrecognized) {
        ByteBuf in = Unpooled.wrappedBuffer(unrecognized);
        int parameter = 0;
        while (parameter < unrecognized.length) {
            int length = SctpPacket.parameterLength(in, parameter);
            out.writeShort(ChunkType.PARAMETER_UNRECOGNIZED).writeShort(4 + length);
            out.writeBytes(in, parameter, SctpPacket.padded(length));
            parameter += SctpPacket.padded(length);
        }
    }
}
