package org.rotunda.media.forward;

import io.netty.buffer.ByteBuf;
import org.rotunda.media.codec.Codec;
import org.rotunda.media.codec.Vp8Descriptor;
import org.rotunda.media.rtp.AudioLevel;
import org.rotunda.media.rtp.ExtensionLayout;
import org.rotunda.media.rtp.RtpHeader;

/**
 * Writes a source packet as one subscriber gets it: with the subscription's own header and extensions, and with
 * rewritten VP8 ids. The packet is written into a scratch buffer. SRTP encrypts it from there into the outgoing
 * datagram.
 *
 * <p>The same {@link EgressPacket} always gives the same bytes, except for padding. A transport-wide sequence number is written as zero;
 * the caller sets it when the packet leaves. No {@link ExtensionLayout} has an absolute send time today. Source padding
 * is not copied. Each event loop has one writer.
 */
public final class EgressPacketWriter {
    /**
     * The largest number of bytes that are added to a packet: the extension block, a longer picture id and the RTX
     * prefix.
     */
    public static final int GROWTH_MAX_BYTES = 64;

    private static final int OSN_LENGTH_BYTES = 2; // RFC 4588 §4: the original sequence number.
    private static final int PADDING_BIT = 0x20;

    private final Vp8Descriptor vp8 = new Vp8Descriptor();

    /**
     * Appends the packet to the destination, which must have enough room.
     *
     * @param plaintext the source packet that {@link EgressPacket#encoding} and {@link EgressPacket#sourceSequence}
     *     name; it is borrowed and not changed
     * @return the number of bytes written
     */
    public int write(ByteBuf plaintext, EgressPacket packet, EgressParameters parameters, ByteBuf destination) {
        int start = destination.writerIndex();
        writeMediaHeader(plaintext, packet, parameters, destination);
        writePayload(plaintext, packet, destination);
        return destination.writerIndex() - start;
    }

    /**
     * Appends a packet that its source has just parsed, as {@link #write(ByteBuf, EgressPacket, EgressParameters,
     * ByteBuf)} does, with padding (RFC 3550 §5.1).
     *
     * @param paddingBytes the number of padding bytes, from 0 to 255
     */
    public void write(
            SourcePacket source,
            EgressPacket packet,
            EgressParameters parameters,
            int paddingBytes,
            ByteBuf destination) {
        ByteBuf plaintext = source.plaintext();
        int start = destination.writerIndex();
        writeMediaHeader(plaintext, packet, parameters, destination);
        if (!packet.isEmpty()) {
            int payload = plaintext.readerIndex() + source.payloadOffset();
            int length = source.payloadLengthBytes();
            if (packet.codec() == Codec.VP8) {
                writeVp8(source.vp8(), plaintext, payload, length, packet, destination);
            } else {
                destination.writeBytes(plaintext, payload, length);
            }
        }
        if (paddingBytes > 0) {
            writePaddingBytes(start, paddingBytes, destination);
        }
    }

    /** Appends padding to the packet that begins at {@code start}. */
    private static void writePaddingBytes(int start, int paddingBytes, ByteBuf destination) {
        destination.setByte(start, destination.getByte(start) | PADDING_BIT);
        destination.writeZero(paddingBytes - 1);
        destination.writeByte(paddingBytes);
    }

    private static void writeVp8(
            Vp8Descriptor vp8, ByteBuf plaintext, int payload, int length, EgressPacket packet, ByteBuf destination) {
        vp8.writeRewritten(plaintext, payload, destination, packet.pictureId(), packet.tl0PicIdx());
        int descriptor = vp8.lengthBytes();
        destination.writeBytes(plaintext, payload + descriptor, length - descriptor);
    }

    /**
     * Appends the packet as a retransmission (RFC 4588 §4), with the SSRC, payload type and sequence number of the RTX
     * stream. RTX must be negotiated for the packet's codec.
     *
     * @param rtxSequenceNumber the next sequence number of the RTX stream, counted by the caller
     */
    public int writeRtx(
            ByteBuf plaintext,
            EgressPacket packet,
            EgressParameters parameters,
            int rtxSequenceNumber,
            ByteBuf destination) {
        int start = destination.writerIndex();
        int payloadType = parameters.rtxPayloadType(packet.codec());
        writeHeader(plaintext, packet, parameters, payloadType, rtxSequenceNumber, parameters.rtxSsrc(), destination);
        destination.ensureWritable(OSN_LENGTH_BYTES);
        destination.writeShort(packet.sequenceNumber());
        writePayload(plaintext, packet, destination);
        return destination.writerIndex() - start;
    }

    /**
     * Appends a packet that has only padding (RFC 3550 §5.1), to fill a probe of the network.
     *
     * @param ssrc the SSRC of the RTX stream or of the media stream
     * @param paddingBytes the number of padding bytes, from 1 to 255
     */
    public void writePadding(
            EgressParameters parameters,
            int ssrc,
            int payloadType,
            int sequenceNumber,
            int timestamp,
            int paddingBytes,
            ByteBuf destination) {
        int start = destination.writerIndex();
        ExtensionLayout extensions = parameters.extensions();
        RtpHeader.write(destination, !extensions.isEmpty(), false, payloadType, sequenceNumber, timestamp, ssrc);
        extensions.writeTo(destination);
        writePaddingBytes(start, paddingBytes, destination);
    }

    private static void writeMediaHeader(
            ByteBuf plaintext, EgressPacket packet, EgressParameters parameters, ByteBuf destination) {
        int payloadType = parameters.payloadType(packet.codec());
        writeHeader(
                plaintext, packet, parameters, payloadType, packet.sequenceNumber(), parameters.ssrc(), destination);
    }

    private static void writeHeader(
            ByteBuf plaintext,
            EgressPacket packet,
            EgressParameters parameters,
            int payloadType,
            int sequenceNumber,
            int ssrc,
            ByteBuf destination) {
        if (payloadType == EgressParameters.NOT_NEGOTIATED) {
            throw new IllegalStateException("not negotiated: " + packet.codec());
        }
        int start = destination.writerIndex();
        boolean isMarked = packet.codec().isVideo() && packet.extensionByte() != SourcePacket.NO_EXTENSION;
        ExtensionLayout extensions = isMarked ? parameters.extensionsWithContentType() : parameters.extensions();
        boolean marker = !packet.isEmpty() && RtpHeader.marker(plaintext);
        RtpHeader.write(
                destination, !extensions.isEmpty(), marker, payloadType, sequenceNumber, packet.timestamp(), ssrc);
        extensions.writeTo(destination);
        if (extensions.audioLevelOffset() != ExtensionLayout.ABSENT) {
            int level = packet.extensionByte();
            destination.setByte(
                    start + extensions.audioLevelOffset(),
                    level == SourcePacket.NO_EXTENSION ? AudioLevel.SILENCE : level);
        }
        if (extensions.contentTypeOffset() != ExtensionLayout.ABSENT) {
            destination.setByte(start + extensions.contentTypeOffset(), packet.extensionByte());
        }
    }

    private void writePayload(ByteBuf plaintext, EgressPacket packet, ByteBuf destination) {
        if (packet.isEmpty()) {
            return;
        }
        int payload = plaintext.readerIndex() + RtpHeader.lengthBytes(plaintext);
        int length = RtpHeader.payloadLengthBytes(plaintext);
        if (packet.codec() == Codec.VP8 && vp8.parse(plaintext, payload, length)) {
            writeVp8(vp8, plaintext, payload, length, packet, destination);
        } else {
            destination.writeBytes(plaintext, payload, length);
        }
    }
}
