package org.rotunda.media.srtp;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;

/** Packets and keys for the tests of this package. */
final class SrtpFixtures {
    private SrtpFixtures() {}

    static SrtpKeys keys(SrtpProfile profile) {
        byte[] material = new byte[profile.keyingMaterialLengthBytes()];
        new Random(7).nextBytes(material);
        return SrtpKeys.ofExporter(profile, material);
    }

    static byte[] hex(String text) {
        return HexFormat.of().parseHex(text.replaceAll("\\s", ""));
    }

    static byte[] rtp(int ssrc, int sequenceNumber, int payloadLength) {
        byte[] packet = new byte[12 + payloadLength];
        Arrays.fill(packet, 12, packet.length, (byte) sequenceNumber);
        packet[0] = (byte) 0x80;
        packet[1] = 111;
        packet[2] = (byte) (sequenceNumber >>> 8);
        packet[3] = (byte) sequenceNumber;
        Bytes.putInt(packet, 8, ssrc);
        return packet;
    }

    /** Returns a packet with two CSRCs and a header extension of two words. */
    static byte[] rtpWithEverything(int ssrc, int sequenceNumber, int payloadLength) {
        byte[] packet = new byte[12 + 8 + 12 + payloadLength];
        System.arraycopy(rtp(ssrc, sequenceNumber, 0), 0, packet, 0, 12);
        packet[0] = (byte) 0x92;
        packet[20] = (byte) 0xBE;
        packet[21] = (byte) 0xDE;
        packet[23] = 2;
        Arrays.fill(packet, 32, packet.length, (byte) 0x5A);
        return packet;
    }

    static byte[] rtcp(int ssrc, int bodyLength) {
        byte[] packet = new byte[8 + bodyLength];
        packet[0] = (byte) 0x81;
        packet[1] = (byte) 200;
        packet[3] = (byte) (packet.length / 4 - 1);
        Bytes.putInt(packet, 4, ssrc);
        return packet;
    }

    static byte[] protectRtp(SrtpSession session, byte[] packet) {
        ByteBuf out = Unpooled.buffer();
        SrtpResult result = session.protectRtp(Unpooled.wrappedBuffer(packet), out);
        if (result != SrtpResult.OK) {
            throw new AssertionError(result);
        }
        return bytes(out);
    }

    static byte[] protectRtcp(SrtpSession session, byte[] packet) {
        ByteBuf out = Unpooled.buffer();
        SrtpResult result = session.protectRtcp(Unpooled.wrappedBuffer(packet), out);
        if (result != SrtpResult.OK) {
            throw new AssertionError(result);
        }
        return bytes(out);
    }

    static SrtpResult unprotectRtp(SrtpSession session, byte[] packet) {
        return session.unprotectRtp(Unpooled.copiedBuffer(packet));
    }

    static byte[] bytes(ByteBuf buffer) {
        byte[] bytes = new byte[buffer.readableBytes()];
        buffer.getBytes(buffer.readerIndex(), bytes);
        return bytes;
    }
}
