package org.rotunda.media.srtp;

import io.netty.buffer.ByteBuf;
import io.netty.util.collection.IntObjectHashMap;
import io.netty.util.collection.IntObjectMap;
import java.security.Provider;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * SRTP and SRTCP of one transport, both directions (RFC 3711, RFC 7714). Sans-IO; owned by one event loop. Outside the
 * cipher it allocates memory only for the first packet of an SSRC.
 *
 * <p>A refused packet is not changed. Buffers are borrowed for the call.
 */
public final class SrtpSession {
    /** The longest packet handled, in bytes, protected or not. */
    public static final int PACKET_LENGTH_MAX = PacketCipher.PACKET_LENGTH_MAX;

    /** More bytes than encryption adds to a packet in any profile. */
    public static final int OVERHEAD_BYTES_MAX = 64;

    private static final int RTP_FIXED_LENGTH_BYTES = 12;
    private static final int RTP_SEQUENCE_OFFSET = 2;
    private static final int RTP_SSRC_OFFSET = 8;
    private static final int RTCP_SSRC_OFFSET = 4;
    private static final int HEADER_MALFORMED = -1;
    private static final long RTCP_INDEX_MAX = 0x7FFF_FFFFL;

    private final SrtpProfile profile;
    private final PacketCipher inbound;
    private final PacketCipher outbound;
    private final SsrcWindows inboundRtp;
    private final SsrcWindows inboundRtcp;
    private final SsrcWindows outboundRtp;
    private final SsrcWindows outboundRtcp;
    // The tags of each SSRC whose packets may be sent again. Most transports have no such SSRC.
    private final IntObjectMap<SentTags> repeatable = new IntObjectHashMap<>();
    private final byte[] in;
    private final byte[] out;

    /**
     * Makes the router's side of an SRTP session. Only for tools and tests: the hash of its SSRC tables has a fixed
     * seed, so a peer could choose SSRCs that collide.
     */
    public SrtpSession(SrtpKeys keys) {
        this(keys, SrtpRole.SERVER);
    }

    /**
     * Makes an SRTP session. Only for tools and tests: the hash of its SSRC tables has a fixed seed, so a peer could
     * choose SSRCs that collide.
     */
    public SrtpSession(SrtpKeys keys, SrtpRole ourRole) {
        this(keys, ourRole, CryptoProviders.corretto());
    }

    /**
     * Makes an SRTP session with the given provider, for comparisons.
     *
     * @param provider the provider of AES-GCM and HMAC-SHA1, or null for the JDK's own; AES-CTR always uses the JDK's
     */
    public SrtpSession(SrtpKeys keys, SrtpRole ourRole, @Nullable Provider provider) {
        this(keys, ourRole, provider, new SplittableRandom(0), new SrtpScratch());
    }

    /**
     * Makes the SRTP session of a transport.
     *
     * @param random the source of the secrets in the hash of the SSRC tables; without secrets the peer could choose
     *     SSRCs that collide
     * @param scratch the arrays of the event loop
     */
    public static SrtpSession open(SrtpKeys keys, SrtpRole ourRole, RandomGenerator random, SrtpScratch scratch) {
        return new SrtpSession(keys, ourRole, CryptoProviders.corretto(), random, scratch);
    }

    private SrtpSession(
            SrtpKeys keys, SrtpRole ourRole, @Nullable Provider provider, RandomGenerator random, SrtpScratch scratch) {
        profile = keys.profile();
        in = scratch.in;
        out = scratch.out;
        inbound = PacketCipher.of(keys, ourRole.opposite(), provider);
        outbound = PacketCipher.of(keys, ourRole, provider);
        inboundRtp = new SsrcWindows(random);
        inboundRtcp = new SsrcWindows(random);
        outboundRtp = new SsrcWindows(random);
        outboundRtcp = new SsrcWindows(random);
    }

    public SrtpProfile profile() {
        return profile;
    }

    /** Decrypts in place. After {@link SrtpResult#OK} the writer index is at the end of the plain packet. */
    public SrtpResult unprotectRtp(ByteBuf packet) {
        int length = load(packet);
        int headerLength = rtpHeaderLength(in, length);
        if (headerLength == HEADER_MALFORMED || length < headerLength + profile.tagLengthBytes()) {
            return SrtpResult.MALFORMED;
        }
        int ssrc = Bytes.getInt(in, RTP_SSRC_OFFSET);
        PacketIndexWindow window = inboundRtp.find(ssrc);
        long index = window.guess(Bytes.getShort(in, RTP_SEQUENCE_OFFSET));
        if (!window.isFresh(index)) {
            return SrtpResult.REPLAYED;
        }
        if (!inboundRtp.hasRoomFor(window)) {
            return SrtpResult.TOO_MANY_SSRCS;
        }
        int plain = inbound.unprotectRtp(in, headerLength, length, ssrc, index, out);
        if (plain == PacketCipher.AUTH_FAILED) {
            return SrtpResult.AUTH_FAILED;
        }
        inboundRtp.accept(ssrc, window, index);
        packet.setBytes(packet.readerIndex() + headerLength, out, headerLength, plain - headerLength);
        packet.writerIndex(packet.readerIndex() + plain);
        return SrtpResult.OK;
    }

    /** Decrypts a compound RTCP packet in place. Unencrypted SRTCP is refused as malformed (RFC 8827 §6.5). */
    public SrtpResult unprotectRtcp(ByteBuf packet) {
        int length = load(packet);
        int overhead = PacketCipher.RTCP_INDEX_LENGTH_BYTES + profile.tagLengthBytes();
        if (length < PacketCipher.RTCP_CLEAR_LENGTH_BYTES + overhead || !isVersion2(in)) {
            return SrtpResult.MALFORMED;
        }
        int indexWord = Bytes.getInt(in, rtcpIndexOffset(length));
        if ((indexWord & PacketCipher.RTCP_ENCRYPTED_FLAG) == 0) {
            return SrtpResult.MALFORMED;
        }
        int index = indexWord & ~PacketCipher.RTCP_ENCRYPTED_FLAG;
        int ssrc = Bytes.getInt(in, RTCP_SSRC_OFFSET);
        PacketIndexWindow window = inboundRtcp.find(ssrc);
        if (!window.isFresh(index)) {
            return SrtpResult.REPLAYED;
        }
        if (!inboundRtcp.hasRoomFor(window)) {
            return SrtpResult.TOO_MANY_SSRCS;
        }
        int plain = inbound.unprotectRtcp(in, length, ssrc, index, out);
        if (plain == PacketCipher.AUTH_FAILED) {
            return SrtpResult.AUTH_FAILED;
        }
        inboundRtcp.accept(ssrc, window, index);
        packet.setBytes(packet.readerIndex(), out, 0, plain);
        packet.writerIndex(packet.readerIndex() + plain);
        return SrtpResult.OK;
    }

    /**
     * Appends the protected form of the packet to {@code protectedPacket}, which grows if needed. The plain packet is
     * not changed. A sequence number that was sent before is refused, because it would use a keystream twice.
     */
    public SrtpResult protectRtp(ByteBuf plain, ByteBuf protectedPacket) {
        int length = load(plain);
        SrtpResult result = protectRtp(in, length, out, 0);
        if (result == SrtpResult.OK) {
            protectedPacket.writeBytes(out, 0, length + profile.tagLengthBytes());
        }
        return result;
    }

    /**
     * Writes the protected form of the packet at the start of {@code plain} into {@code destination}, from {@code
     * offset}. It is longer by {@link SrtpProfile#tagLengthBytes}. Otherwise like the method for buffers.
     *
     * @param destination another array, with room for the packet and {@link #OVERHEAD_BYTES_MAX}
     */
    public SrtpResult protectRtp(byte[] plain, int length, byte[] destination, int offset) {
        int headerLength = rtpHeaderLength(plain, length);
        if (headerLength == HEADER_MALFORMED) {
            return SrtpResult.MALFORMED;
        }
        int ssrc = Bytes.getInt(plain, RTP_SSRC_OFFSET);
        PacketIndexWindow window = outboundRtp.find(ssrc);
        long index = window.guess(Bytes.getShort(plain, RTP_SEQUENCE_OFFSET));
        if (!window.isFresh(index)) {
            return SrtpResult.REPLAYED;
        }
        if (!outboundRtp.hasRoomFor(window)) {
            return SrtpResult.TOO_MANY_SSRCS;
        }
        int size = outbound.protectRtp(plain, headerLength, length, ssrc, index, destination, offset);
        outboundRtp.accept(ssrc, window, index);
        if (!repeatable.isEmpty()) {
            SentTags tags = repeatable.get(ssrc);
            if (tags != null) {
                tags.put(index, destination, offset + size);
            }
        }
        return SrtpResult.OK;
    }

    /**
     * Lets packets of this SSRC be sent again by {@link #reprotectRtp}, for receivers without RTX. Costs 16 KiB per
     * SSRC and applies to packets that are protected from now on.
     */
    public void allowRepeats(int ssrc) {
        if (!repeatable.containsKey(ssrc) && repeatable.size() < SsrcWindows.SSRCS_MAX) {
            repeatable.put(ssrc, new SentTags());
        }
    }

    /**
     * Protects a sent packet again under the same index, so that it can be sent again without RTX (a repetition, RFC
     * 4588 §1). The same key, index and plaintext give the same ciphertext, so an observer learns nothing. Another
     * plaintext would use a keystream twice and, with GCM, reveal the authentication key. Therefore nothing is written
     * unless the new tag equals the tag of the sent packet.
     *
     * <p>Returns {@link SrtpResult#NEVER_SENT} if the index was not sent, if {@link SentTags} no longer holds its tag,
     * or if {@link #allowRepeats} was not called for the SSRC. Returns {@link SrtpResult#REPLAYED} if the packet
     * differs from the sent packet.
     */
    public SrtpResult reprotectRtp(ByteBuf plain, ByteBuf protectedPacket) {
        int length = load(plain);
        SrtpResult result = reprotectRtp(in, length, out, 0);
        if (result == SrtpResult.OK) {
            protectedPacket.writeBytes(out, 0, length + profile.tagLengthBytes());
        }
        return result;
    }

    /** Protects a sent packet again, in arrays as {@link #protectRtp(byte[], int, byte[], int)} does. */
    public SrtpResult reprotectRtp(byte[] plain, int length, byte[] destination, int offset) {
        int headerLength = rtpHeaderLength(plain, length);
        if (headerLength == HEADER_MALFORMED) {
            return SrtpResult.MALFORMED;
        }
        int ssrc = Bytes.getInt(plain, RTP_SSRC_OFFSET);
        long index = outboundRtp.find(ssrc).guess(Bytes.getShort(plain, RTP_SEQUENCE_OFFSET));
        SentTags tags = repeatable.get(ssrc);
        if (tags == null || !tags.isSent(index)) {
            return SrtpResult.NEVER_SENT;
        }
        outbound.prepareRepeat();
        int size = outbound.protectRtp(plain, headerLength, length, ssrc, index, destination, offset);
        return tags.isSame(index, destination, offset + size) ? SrtpResult.OK : SrtpResult.REPLAYED;
    }

    /** Appends the protected form of a compound RTCP packet to {@code protectedPacket}. */
    public SrtpResult protectRtcp(ByteBuf plain, ByteBuf protectedPacket) {
        int length = load(plain);
        if (length < PacketCipher.RTCP_CLEAR_LENGTH_BYTES || !isVersion2(in)) {
            return SrtpResult.MALFORMED;
        }
        int ssrc = Bytes.getInt(in, RTCP_SSRC_OFFSET);
        PacketIndexWindow window = outboundRtcp.find(ssrc);
        long index = window.highest() + 1;
        if (index > RTCP_INDEX_MAX) {
            return SrtpResult.INDEX_EXHAUSTED;
        }
        if (!outboundRtcp.hasRoomFor(window)) {
            return SrtpResult.TOO_MANY_SSRCS;
        }
        int size = outbound.protectRtcp(in, length, ssrc, (int) index, out);
        outboundRtcp.accept(ssrc, window, index);
        protectedPacket.writeBytes(out, 0, size);
        return SrtpResult.OK;
    }

    /**
     * Drops the receiving state of a stream that ended. Afterwards recorded packets of that stream could be replayed,
     * so call this only for SSRCs that the transport no longer accepts.
     */
    public void forgetInbound(int ssrc) {
        inboundRtp.forget(ssrc);
        inboundRtcp.forget(ssrc);
    }

    /** Drops the sending state of one of our streams. The SSRC must not be used again with these keys. */
    public void forgetOutbound(int ssrc) {
        outboundRtp.forget(ssrc);
        outboundRtcp.forget(ssrc);
        repeatable.remove(ssrc);
    }

    private int rtcpIndexOffset(int length) {
        // With GCM the index follows the tag (RFC 7714 §9.2). With AES-CM the index precedes the tag (RFC 3711 §3.4).
        int fromEnd = profile == SrtpProfile.AEAD_AES_128_GCM
                ? PacketCipher.RTCP_INDEX_LENGTH_BYTES
                : PacketCipher.RTCP_INDEX_LENGTH_BYTES + profile.tagLengthBytes();
        return length - fromEnd;
    }

    /**
     * Copies the packet into {@link #in} and returns its length. Returns 0 if the packet is too long; all callers
     * refuse a length of 0.
     */
    private int load(ByteBuf packet) {
        int length = packet.readableBytes();
        if (length > PACKET_LENGTH_MAX) {
            return 0;
        }
        packet.getBytes(packet.readerIndex(), in, 0, length);
        return length;
    }

    private static boolean isVersion2(byte[] packet) {
        return (packet[0] & 0xC0) == 0x80;
    }

    /**
     * Returns the length of the fixed header, CSRCs and header extension. These parts stay readable (RFC 3711 §3.1).
     */
    private static int rtpHeaderLength(byte[] packet, int length) {
        if (length < RTP_FIXED_LENGTH_BYTES || length > PACKET_LENGTH_MAX || !isVersion2(packet)) {
            return HEADER_MALFORMED;
        }
        int header = RTP_FIXED_LENGTH_BYTES + 4 * (packet[0] & 0x0F);
        if ((packet[0] & 0x10) != 0) {
            if (length < header + 4) {
                return HEADER_MALFORMED;
            }
            header += 4 + 4 * Bytes.getShort(packet, header + 2);
        }
        return header <= length ? header : HEADER_MALFORMED;
    }
}
