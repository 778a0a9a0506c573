package org.rotunda.media.srtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rotunda.media.srtp.SrtpFixtures.bytes;
import static org.rotunda.media.srtp.SrtpFixtures.keys;
import static org.rotunda.media.srtp.SrtpFixtures.protectRtcp;
import static org.rotunda.media.srtp.SrtpFixtures.protectRtp;
import static org.rotunda.media.srtp.SrtpFixtures.rtcp;
import static org.rotunda.media.srtp.SrtpFixtures.rtp;
import static org.rotunda.media.srtp.SrtpFixtures.rtpWithEverything;
import static org.rotunda.media.srtp.SrtpFixtures.unprotectRtp;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SrtpSessionTest {
    private static final int SSRC = 0xCAFEBABE;

    @ParameterizedTest
    @EnumSource
    void carriesPacketsBothWays(SrtpProfile profile) {
        SrtpSession client = new SrtpSession(keys(profile), SrtpRole.CLIENT);
        SrtpSession server = new SrtpSession(keys(profile));
        byte[] plain = rtpWithEverything(SSRC, 17, 900);

        ByteBuf up = Unpooled.copiedBuffer(protectRtp(client, plain));
        assertThat(up.readableBytes()).isEqualTo(plain.length + profile.tagLengthBytes());
        assertThat(server.unprotectRtp(up)).isEqualTo(SrtpResult.OK);
        assertThat(bytes(up)).isEqualTo(plain);

        ByteBuf down = Unpooled.copiedBuffer(protectRtcp(server, rtcp(1, 20)));
        assertThat(client.unprotectRtcp(down)).isEqualTo(SrtpResult.OK);
        assertThat(bytes(down)).isEqualTo(rtcp(1, 20));
    }

    @ParameterizedTest
    @EnumSource
    void theJdksProviderReadsPacketsOfThePreferredProvider(SrtpProfile profile) {
        SrtpSession client = new SrtpSession(keys(profile), SrtpRole.CLIENT, null);
        SrtpSession server = new SrtpSession(keys(profile));
        byte[] plain = rtpWithEverything(SSRC, 17, 900);

        ByteBuf up = Unpooled.copiedBuffer(protectRtp(client, plain));
        assertThat(server.unprotectRtp(up)).isEqualTo(SrtpResult.OK);
        assertThat(bytes(up)).isEqualTo(plain);
    }

    @ParameterizedTest
    @EnumSource
    void worksOnDirectBuffersWithAnOffset(SrtpProfile profile) {
        SrtpSession client = new SrtpSession(keys(profile), SrtpRole.CLIENT);
        SrtpSession server = new SrtpSession(keys(profile));
        ByteBuf packet = Unpooled.directBuffer().writeZero(5).skipBytes(5);
        packet.writeBytes(protectRtp(client, rtp(SSRC, 1, 100)));
        assertThat(server.unprotectRtp(packet)).isEqualTo(SrtpResult.OK);
        assertThat(bytes(packet)).isEqualTo(rtp(SSRC, 1, 100));
        packet.release();
    }

    @ParameterizedTest
    @EnumSource
    void refusesOurOwnPacketsReflected(SrtpProfile profile) {
        SrtpSession server = new SrtpSession(keys(profile));
        assertThat(unprotectRtp(server, protectRtp(server, rtp(SSRC, 1, 10)))).isEqualTo(SrtpResult.AUTH_FAILED);
    }

    @ParameterizedTest
    @EnumSource
    void acceptsEachPacketOnceWhateverTheOrder(SrtpProfile profile) {
        SrtpSession client = new SrtpSession(keys(profile), SrtpRole.CLIENT);
        SrtpSession server = new SrtpSession(keys(profile));
        List<byte[]> packets = new ArrayList<>();
        for (int i = 0; i < 900; i++) {
            // The sequence numbers wrap in this run.
            packets.add(protectRtp(client, rtp(SSRC, (65_000 + i) & 0xFFFF, 20)));
        }
        assertThat(unprotectRtp(server, packets.get(0))).isEqualTo(SrtpResult.OK);
        List<byte[]> rest = new ArrayList<>(packets.subList(1, packets.size()));
        Collections.shuffle(rest, new Random(3));
        for (byte[] packet : rest) {
            assertThat(unprotectRtp(server, packet)).isEqualTo(SrtpResult.OK);
        }
        for (byte[] packet : packets) {
            assertThat(unprotectRtp(server, packet)).isEqualTo(SrtpResult.REPLAYED);
        }
    }

    @ParameterizedTest
    @EnumSource
    void refusesPacketsOlderThanTheWindow(SrtpProfile profile) {
        SrtpSession client = new SrtpSession(keys(profile), SrtpRole.CLIENT);
        SrtpSession server = new SrtpSession(keys(profile));
        byte[] late = protectRtp(client, rtp(SSRC, 1, 10));
        byte[] justInTime = protectRtp(client, rtp(SSRC, 2, 10));
        byte[] newest = protectRtp(client, rtp(SSRC, 1 + PacketIndexWindow.WINDOW_PACKETS, 10));
        assertThat(unprotectRtp(server, newest)).isEqualTo(SrtpResult.OK);
        assertThat(unprotectRtp(server, late)).isEqualTo(SrtpResult.REPLAYED);
        assertThat(unprotectRtp(server, justInTime)).isEqualTo(SrtpResult.OK);
    }

    @ParameterizedTest
    @EnumSource
    void refusesToSendASequenceNumberTwice(SrtpProfile profile) {
        SrtpSession server = new SrtpSession(keys(profile));
        protectRtp(server, rtp(SSRC, 5, 10));
        ByteBuf out = Unpooled.buffer();
        assertThat(server.protectRtp(Unpooled.wrappedBuffer(rtp(SSRC, 5, 11)), out))
                .isEqualTo(SrtpResult.REPLAYED);
        assertThat(out.readableBytes()).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void refusesReplayedRtcp(SrtpProfile profile) {
        SrtpSession client = new SrtpSession(keys(profile), SrtpRole.CLIENT);
        SrtpSession server = new SrtpSession(keys(profile));
        byte[] first = protectRtcp(client, rtcp(9, 16));
        byte[] second = protectRtcp(client, rtcp(9, 16));
        assertThat(server.unprotectRtcp(Unpooled.copiedBuffer(second))).isEqualTo(SrtpResult.OK);
        assertThat(server.unprotectRtcp(Unpooled.copiedBuffer(first))).isEqualTo(SrtpResult.OK);
        assertThat(server.unprotectRtcp(Unpooled.copiedBuffer(first))).isEqualTo(SrtpResult.REPLAYED);
    }

    @ParameterizedTest
    @EnumSource
    void refusesRtcpThatSaysItIsNotEncrypted(SrtpProfile profile) {
        SrtpSession client = new SrtpSession(keys(profile), SrtpRole.CLIENT);
        byte[] packet = protectRtcp(client, rtcp(9, 16));
        int flag = profile == SrtpProfile.AEAD_AES_128_GCM ? packet.length - 4 : packet.length - 14;
        packet[flag] &= 0x7F;
        assertThat(new SrtpSession(keys(profile)).unprotectRtcp(Unpooled.wrappedBuffer(packet)))
                .isEqualTo(SrtpResult.MALFORMED);
    }

    @Test
    void leavesARefusedPacketAsItWas() {
        SrtpSession client = new SrtpSession(keys(SrtpProfile.AEAD_AES_128_GCM), SrtpRole.CLIENT);
        byte[] damaged = protectRtp(client, rtp(SSRC, 5, 10));
        damaged[damaged.length - 1] ^= 1;
        ByteBuf packet = Unpooled.copiedBuffer(damaged);
        assertThat(new SrtpSession(keys(SrtpProfile.AEAD_AES_128_GCM)).unprotectRtp(packet))
                .isEqualTo(SrtpResult.AUTH_FAILED);
        assertThat(bytes(packet)).isEqualTo(damaged);
    }

    @Test
    void boundsTheStreamsAPeerMayOpenUntilSomeAreForgotten() {
        SrtpKeys keys = keys(SrtpProfile.AEAD_AES_128_GCM);
        SrtpSession client = new SrtpSession(keys, SrtpRole.CLIENT);
        SrtpSession other = new SrtpSession(keys, SrtpRole.CLIENT);
        SrtpSession server = new SrtpSession(keys);
        for (int ssrc = 0; ssrc < SsrcWindows.SSRCS_MAX; ssrc++) {
            assertThat(unprotectRtp(server, protectRtp(client, rtp(ssrc, 1, 1))))
                    .isEqualTo(SrtpResult.OK);
        }
        byte[] oneMore = protectRtp(other, rtp(-1, 1, 1));
        assertThat(unprotectRtp(server, oneMore)).isEqualTo(SrtpResult.TOO_MANY_SSRCS);
        ByteBuf out = Unpooled.buffer();
        assertThat(client.protectRtp(Unpooled.wrappedBuffer(rtp(-1, 1, 1)), out))
                .isEqualTo(SrtpResult.TOO_MANY_SSRCS);

        server.forgetInbound(12);
        client.forgetOutbound(12);
        assertThat(unprotectRtp(server, oneMore)).isEqualTo(SrtpResult.OK);
        assertThat(client.protectRtp(Unpooled.wrappedBuffer(rtp(-1, 1, 1)), out))
                .isEqualTo(SrtpResult.OK);
    }

    @Test
    void forgedPacketsOpenNoStream() {
        SrtpSession server = new SrtpSession(keys(SrtpProfile.AEAD_AES_128_GCM));
        for (int ssrc = 0; ssrc < SsrcWindows.SSRCS_MAX + 1; ssrc++) {
            assertThat(unprotectRtp(server, rtp(ssrc, 1, 30))).isEqualTo(SrtpResult.AUTH_FAILED);
        }
    }

    @Test
    void refusesPacketsLongerThanItsArrays() {
        SrtpSession server = new SrtpSession(keys(SrtpProfile.AEAD_AES_128_GCM));
        byte[] tooLong = rtp(SSRC, 1, SrtpSession.PACKET_LENGTH_MAX);
        assertThat(unprotectRtp(server, tooLong)).isEqualTo(SrtpResult.MALFORMED);
        assertThat(server.protectRtp(Unpooled.wrappedBuffer(tooLong), Unpooled.buffer()))
                .isEqualTo(SrtpResult.MALFORMED);
        assertThat(server.unprotectRtcp(Unpooled.wrappedBuffer(tooLong))).isEqualTo(SrtpResult.MALFORMED);
    }

    @ParameterizedTest
    @EnumSource
    void repeatsThePacketThatWasSentAndNoOther(SrtpProfile profile) {
        SrtpSession server = new SrtpSession(keys(profile));
        server.allowRepeats(SSRC);
        byte[] first = protectRtp(server, rtp(SSRC, 7, 50));

        // Without prepareRepeat GCM would fail here, because JCE providers refuse to encrypt twice with the same IV.
        assertThat(reprotect(server, rtp(SSRC, 7, 50))).isEqualTo(first);
        assertThat(reprotect(server, rtp(SSRC, 7, 50))).isEqualTo(first);
        protectRtp(server, rtp(SSRC, 8, 50));
        assertThat(reprotect(server, rtp(SSRC, 7, 50))).isEqualTo(first);

        byte[] other = rtp(SSRC, 7, 50);
        other[20] ^= 1;
        assertThat(reprotectResult(server, other)).isEqualTo(SrtpResult.REPLAYED);
        byte[] otherHeader = rtp(SSRC, 7, 50);
        otherHeader[1] ^= 1;
        assertThat(reprotectResult(server, otherHeader)).isEqualTo(SrtpResult.REPLAYED);
        assertThat(reprotectResult(server, rtp(SSRC, 7, 49))).isEqualTo(SrtpResult.REPLAYED);
    }

    @ParameterizedTest
    @EnumSource
    void repeatsNothingThatWasNotSent(SrtpProfile profile) {
        SrtpSession server = new SrtpSession(keys(profile));
        assertThat(reprotectResult(server, rtp(SSRC, 1, 50))).isEqualTo(SrtpResult.NEVER_SENT);
        protectRtp(server, rtp(SSRC, 1, 50)); // Repeats are not allowed yet.
        server.allowRepeats(SSRC);
        assertThat(reprotectResult(server, rtp(SSRC, 1, 50))).isEqualTo(SrtpResult.NEVER_SENT);
        assertThat(reprotectResult(server, rtp(SSRC, 2, 50))).isEqualTo(SrtpResult.NEVER_SENT);
        assertThat(reprotectResult(server, rtp(SSRC + 1, 2, 50))).isEqualTo(SrtpResult.NEVER_SENT);
        for (int i = 0; i <= PacketIndexWindow.WINDOW_PACKETS; i++) {
            protectRtp(server, rtp(SSRC, 2 + i, 50));
        }
        assertThat(reprotectResult(server, rtp(SSRC, 2, 50))).isEqualTo(SrtpResult.NEVER_SENT);
        assertThat(reprotectResult(server, rtp(SSRC, 3, 50))).isEqualTo(SrtpResult.OK);
        assertThat(reprotectResult(server, new byte[5])).isEqualTo(SrtpResult.MALFORMED);
        server.forgetOutbound(SSRC);
        assertThat(reprotectResult(server, rtp(SSRC, 3, 50))).isEqualTo(SrtpResult.NEVER_SENT);
    }

    /** Tests that a repeated packet changes nothing for later packets, even across a roll-over. */
    @ParameterizedTest
    @EnumSource
    void repeatsLeaveTheWindowAlone(SrtpProfile profile) {
        SrtpSession client = new SrtpSession(keys(profile), SrtpRole.CLIENT);
        SrtpSession server = new SrtpSession(keys(profile));
        server.allowRepeats(SSRC);
        for (int i = 0; i < 200; i++) {
            int number = (65_400 + i) & 0xFFFF;
            byte[] sent = protectRtp(server, rtp(SSRC, number, 30));
            if (i >= 100) {
                int older = (65_400 + i - 99) & 0xFFFF;
                byte[] again = reprotect(server, rtp(SSRC, older, 30));
                // The client has received this packet before.
                assertThat(unprotectRtp(client, again)).isEqualTo(SrtpResult.REPLAYED);
            }
            assertThat(unprotectRtp(client, sent)).isEqualTo(SrtpResult.OK);
        }
        assertThat(server.protectRtp(Unpooled.wrappedBuffer(rtp(SSRC, 60, 30)), Unpooled.buffer()))
                .isEqualTo(SrtpResult.REPLAYED);
    }

    private static byte[] reprotect(SrtpSession session, byte[] packet) {
        ByteBuf out = Unpooled.buffer();
        assertThat(session.reprotectRtp(Unpooled.wrappedBuffer(packet), out)).isEqualTo(SrtpResult.OK);
        return bytes(out);
    }

    private static SrtpResult reprotectResult(SrtpSession session, byte[] packet) {
        ByteBuf out = Unpooled.buffer();
        SrtpResult result = session.reprotectRtp(Unpooled.wrappedBuffer(packet), out);
        assertThat(out.isReadable()).isEqualTo(result == SrtpResult.OK);
        return result;
    }
}
