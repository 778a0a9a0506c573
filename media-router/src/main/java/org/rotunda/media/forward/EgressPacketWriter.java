package org.rotunda.media.forward;

import io.netty.buffer.ByteBuf;
import org.rotunda.media.codec.Codec;
import org.rotunda.media.codec.Vp8Descriptor;
import org.rotunda.media.rtp.AudioLevel;
import org.rotunda.media.rtp.ExtensionLayout;
import org.rotunda.media.rtp.RtpHeader;

/**
 * Writes a source packet as one subscriber gets it: with the subscription's own header and extensions, and with the VP8
 * ids in the payload rewritten. The packet is written into the loop's scratch buffer; SRTP encrypts it from there into
 * the datagram that leaves.
 *
 * <p>The same {@link EgressPacket} gives the same bytes every time. A transport-wide number or absolute send time in
 * the {@link ExtensionLayout} is left zero; the layouts of today have neither. Source padding is not copied. Each event
 * loop has one writer, which holds only scratch data.
 */
public final class EgressPacketWriter {
    /** The most bytes by which a packet can grow: the extension block, a widened picture id and the RTX prefix. */
    public static final int GROWTH_MAX_BYTES = 64;

    private static final int OSN_LENGTH_BYTES = 2; // RFC 4588 §4: the original sequence number.

    private final Vp8Descriptor vp8 = new Vp8Descriptor();

    /**
     * Appends the packet at the destination's writer index. The index may be anywhere if enough room follows.
     *
     * @param plaintext the source packet that {@link EgressPacket#encoding} and {@link EgressPacket#sourceSequence}
     *     name; it is borrowed and not changed
     * @return the number of bytes written
     */
    public int write(ByteBuf plaintext, EgressPacket packet, EgressParameters parameters, ByteBuf destination) {
        int start = destination.writerIndex();
        int payloadType = parameters.payloadType(packet.codec());
        writeHeader(
                plaintext, packet, parameters, payloadType, packet.sequenceNumber(), parameters.ssrc(), destination);
        writePayload(plaintext, packet, destination);
        return destination.writerIndex() - start;
    }

    /**
     * Appends the packet as a retransmission (RFC 4588 §4), which has its own SSRC, payload type and sequence number,
     * and the original sequence number before the payload. Requires that RTX was negotiated for the packet's codec.
     *
     * @param rtxSequenceNumber the next number of the RTX stream; the caller counts these numbers
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
        ExtensionLayout extensions = parameters.extensions();
        boolean marker = RtpHeader.marker(plaintext);
        RtpHeader.write(
                destination, !extensions.isEmpty(), marker, payloadType, sequenceNumber, packet.timestamp(), ssrc);
        extensions.writeTo(destination);
        if (extensions.audioLevelOffset() != ExtensionLayout.ABSENT) {
            int level = packet.audioLevel() == AudioLevel.NONE ? AudioLevel.SILENCE : packet.audioLevel();
            destination.setByte(start + extensions.audioLevelOffset(), level);
        }
    }

    private void writePayload(ByteBuf plaintext, EgressPacket packet, ByteBuf destination) {
        int payload = plaintext.readerIndex() + RtpHeader.lengthBytes(plaintext);
        int length = RtpHeader.payloadLengthBytes(plaintext);
        if (packet.codec() == Codec.VP8 && vp8.parse(plaintext, payload, length)) {
            vp8.writeRewritten(plaintext, payload, destination, packet.pictureId(), packet.tl0PicIdx());
            int descriptor = vp8.lengthBytes();
            destination.writeBytes(plaintext, payload + descriptor, length - descriptor);
        } else {
            destination.writeBytes(plaintext, payload, length);
        }
    }
}
