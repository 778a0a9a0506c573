package org.rotunda.media.srtp;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;
import org.rotunda.media.testkit.FuzzInput;

/** Fuzzes SRTP and SRTCP: a packet without the key is never accepted, and what is protected is read unchanged. */
class SrtpFuzzTest {
    private static final int SECOND_PROFILE = 1;
    private static final int PROTECTED = 2;

    /** Each input is the profile and whether the packet is protected already, then the packet. */
    static Stream<byte[]> seeds() {
        byte[] rtp = SrtpFixtures.rtpWithEverything(1, 7, 40);
        byte[] rtcp = SrtpFixtures.rtcp(1, 40);
        return Stream.of(0, SECOND_PROFILE).flatMap(profile -> {
            // The server does not accept the packets of another server, but it reads them as far as their tags.
            SrtpSession server = session(profile, SrtpRole.SERVER);
            return Stream.of(
                    seed(profile, rtp),
                    seed(profile, rtcp),
                    seed(profile | PROTECTED, SrtpFixtures.protectRtp(server, rtp)),
                    seed(profile | PROTECTED, SrtpFixtures.protectRtcp(server, rtcp)));
        });
    }

    private static byte[] seed(int kind, byte[] packet) {
        return new FuzzInput.Writer().number(kind).rest(packet).bytes();
    }

    private static SrtpSession session(int kind, SrtpRole role) {
        SrtpProfile profile =
                (kind & SECOND_PROFILE) == 0 ? SrtpProfile.AEAD_AES_128_GCM : SrtpProfile.AES128_CM_HMAC_SHA1_80;
        return new SrtpSession(SrtpFixtures.keys(profile), role);
    }

    @MethodSource("seeds")
    @FuzzTest
    void readsOnlyWhatItsPeerProtected(byte[] bytes) {
        FuzzInput input = new FuzzInput(bytes);
        int kind = input.number();
        byte[] packet = input.rest();
        SrtpSession server = session(kind, SrtpRole.SERVER);
        if ((kind & PROTECTED) != 0) {
            ByteBuf datagram = FuzzInput.datagram(packet);
            assertThat(server.unprotectRtp(datagram)).isNotEqualTo(SrtpResult.OK);
            assertThat(server.unprotectRtcp(datagram)).isNotEqualTo(SrtpResult.OK);
            assertThat(ByteBufUtil.getBytes(datagram)).isEqualTo(packet);
            return;
        }
        SrtpSession client = session(kind, SrtpRole.CLIENT);
        ByteBuf out = Unpooled.buffer();
        if (client.protectRtp(FuzzInput.datagram(packet), out) == SrtpResult.OK) {
            byte[] sent = ByteBufUtil.getBytes(out);
            ByteBuf received = FuzzInput.datagram(sent);
            if (sent.length <= SrtpSession.PACKET_LENGTH_MAX) {
                assertThat(server.unprotectRtp(received)).isEqualTo(SrtpResult.OK);
                assertThat(ByteBufUtil.getBytes(received)).isEqualTo(packet);
                assertThat(server.unprotectRtp(FuzzInput.datagram(sent))).isEqualTo(SrtpResult.REPLAYED);
            }
        }
        out.clear();
        if (client.protectRtcp(FuzzInput.datagram(packet), out) == SrtpResult.OK) {
            byte[] sent = ByteBufUtil.getBytes(out);
            ByteBuf received = FuzzInput.datagram(sent);
            if (sent.length <= SrtpSession.PACKET_LENGTH_MAX) {
                assertThat(server.unprotectRtcp(received)).isEqualTo(SrtpResult.OK);
                assertThat(ByteBufUtil.getBytes(received)).isEqualTo(packet);
                assertThat(server.unprotectRtcp(FuzzInput.datagram(sent))).isEqualTo(SrtpResult.REPLAYED);
            }
        }
    }
}
