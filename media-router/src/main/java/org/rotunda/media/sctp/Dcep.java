package org.rotunda.media.sctp;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.rotunda.media.text.Utf8;

/**
 * Reads and writes messages of the Data Channel Establishment Protocol (RFC 8832 §5).
 *
 * <pre>
 * |  Message Type |  Channel Type |            Priority           |
 * |                    Reliability Parameter                      |
 * |         Label Length          |       Protocol Length         |
 * |             Label, then Protocol (UTF-8)                      |
 * </pre>
 */
final class Dcep {
    static final int ACK = 0x02;
    static final int OPEN = 0x03;

    /**
     * The longest label or protocol, in bytes. Labels are track ids, which have at most 128 characters. Each open
     * channel is part of every handover, so the limit also bounds the handovers. The 16-bit length field would allow 64
     * KiB.
     */
    static final int LABEL_BYTES_MAX = 384;

    private static final int OPEN_HEADER_BYTES = 12;
    private static final int TYPE_RELIABLE = 0x00;
    private static final int TYPE_RETRANSMITS = 0x01;
    private static final int TYPE_LIFE_TIME = 0x02;
    private static final int FLAG_UNORDERED = 0x80;
    private static final int PRIORITY_NORMAL = 256; // RFC 8831 §6.4.

    /** The content of an OPEN. */
    record Open(String label, ChannelParameters parameters) {}

    private Dcep() {}

    static byte[] ack() {
        return new byte[] {ACK};
    }

    /**
     * Returns an OPEN, or null if the label or the protocol is too long. A label and a protocol that {@link #readOpen}
     * has returned are never too long.
     */
    static byte @Nullable [] open(String label, ChannelParameters parameters) {
        byte[] labelBytes = label.getBytes(StandardCharsets.UTF_8);
        byte[] protocolBytes = parameters.protocol().getBytes(StandardCharsets.UTF_8);
        if (labelBytes.length > LABEL_BYTES_MAX || protocolBytes.length > LABEL_BYTES_MAX) {
            return null;
        }
        int type = TYPE_RELIABLE;
        int limit = 0;
        if (parameters.maxRetransmits() != ChannelParameters.UNLIMITED) {
            type = TYPE_RETRANSMITS;
            limit = parameters.maxRetransmits();
        } else if (parameters.maxPacketLifeTimeMs() != ChannelParameters.UNLIMITED) {
            type = TYPE_LIFE_TIME;
            limit = parameters.maxPacketLifeTimeMs();
        }
        byte[] message = new byte[OPEN_HEADER_BYTES + labelBytes.length + protocolBytes.length];
        ByteBuf out = Unpooled.wrappedBuffer(message).writerIndex(0);
        out.writeByte(OPEN).writeByte(type | (parameters.ordered() ? 0 : FLAG_UNORDERED));
        out.writeShort(PRIORITY_NORMAL).writeInt(limit);
        out.writeShort(labelBytes.length).writeShort(protocolBytes.length);
        out.writeBytes(labelBytes).writeBytes(protocolBytes);
        return message;
    }

    static boolean isAck(ByteBuf message) {
        return message.isReadable() && message.getUnsignedByte(message.readerIndex()) == ACK;
    }

    static boolean isOpen(ByteBuf message) {
        return message.isReadable() && message.getUnsignedByte(message.readerIndex()) == OPEN;
    }

    /** Reads an OPEN. Returns null if it is malformed. */
    static @Nullable Open readOpen(ByteBuf message) {
        int start = message.readerIndex();
        if (message.readableBytes() < OPEN_HEADER_BYTES) {
            return null;
        }
        int type = message.getUnsignedByte(start + 1);
        long limit = message.getUnsignedInt(start + 4);
        int labelBytes = message.getUnsignedShort(start + 8);
        int protocolBytes = message.getUnsignedShort(start + 10);
        if (OPEN_HEADER_BYTES + labelBytes + protocolBytes > message.readableBytes()
                || labelBytes > LABEL_BYTES_MAX
                || protocolBytes > LABEL_BYTES_MAX) {
            return null;
        }
        String label = Utf8.read(message, start + OPEN_HEADER_BYTES, labelBytes);
        String protocol = Utf8.read(message, start + OPEN_HEADER_BYTES + labelBytes, protocolBytes);
        if (label == null || protocol == null) {
            return null;
        }
        boolean ordered = (type & FLAG_UNORDERED) == 0;
        int bounded = (int) Math.min(Integer.MAX_VALUE, limit);
        ChannelParameters parameters = switch (type & ~FLAG_UNORDERED) {
            case TYPE_RELIABLE ->
                new ChannelParameters(ordered, ChannelParameters.UNLIMITED, ChannelParameters.UNLIMITED, protocol);
            case TYPE_RETRANSMITS -> new ChannelParameters(ordered, bounded, ChannelParameters.UNLIMITED, protocol);
            case TYPE_LIFE_TIME -> new ChannelParameters(ordered, ChannelParameters.UNLIMITED, bounded, protocol);
            default -> null;
        };
        return parameters == null ? null : new Open(label, parameters);
    }
}
