package org.rotunda.media.srtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rotunda.media.srtp.SrtpFixtures.bytes;
import static org.rotunda.media.srtp.SrtpFixtures.hex;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.security.Provider;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Tests with the vectors of RFC 3711 appendix B.3, RFC 7714 §16.1.1 and §17.1, and libsrtp's test driver. */
class SrtpVectorsTest {
    private static final byte[] CM_KEY = hex("E1F97A0D3E018BE0D64FA32C06DE4139");
    private static final byte[] CM_SALT = hex("0EC675AD498AFEEBB6960B3AABE6");
    private static final byte[] GCM_KEY = hex("000102030405060708090a0b0c0d0e0f");
    private static final byte[] GCM_SALT = hex("a0a1a2a3a4a5a6a7a8a9aaab");
    private static final byte[] RFC_7714_SALT = hex("517569642070726f2071756f");

    private static final byte[] PLAIN_RTP = hex("800f1234decafbadcafebabe abababababababababababababababab");
    private static final byte[] PLAIN_RTCP = hex("81c8000bcafebabe abababababababababababababababab");

    @Test
    void derivesTheSessionKeysOfRfc3711() {
        assertThat(SrtpKeyDerivation.derive(CM_KEY, CM_SALT, SrtpKeyDerivation.RTP_ENCRYPTION, 16))
                .isEqualTo(hex("C61E7A93744F39EE10734AFE3FF7A087"));
        assertThat(SrtpKeyDerivation.derive(CM_KEY, CM_SALT, SrtpKeyDerivation.RTP_SALT, 14))
                .isEqualTo(hex("30CBBC08863D8C85D49DB34A9AE1"));
        assertThat(SrtpKeyDerivation.derive(CM_KEY, CM_SALT, SrtpKeyDerivation.RTP_AUTHENTICATION, 20))
                .isEqualTo(hex("CEBE321F6FF7716B6FD4AB49AF256A156D38BAA4"));
    }

    @Test
    void encryptsTheRtpPacketOfRfc7714WithEitherProvider() {
        byte[] plain = hex("8040f17b8041f8d35501a0b2"
                + "47616c6c696120657374206f6d6e69732064697669736120696e207061727465732074726573");
        byte[] expected = hex("8040f17b8041f8d35501a0b2"
                + "f24de3a3fb34de6cacba861c9d7e4bcabe633bd50d294e6f42a5f47a51c7d19b36de3adf8833"
                + "899d7f27beb16a9152cf765ee4390cce");
        for (GcmPacketCipher cipher : rfc7714Ciphers()) {
            byte[] out = new byte[256];
            int length = cipher.protectRtp(plain, 12, plain.length, 0x5501a0b2, 0xf17b, out, 7);
            assertThat(Arrays.copyOfRange(out, 7, 7 + length)).isEqualTo(expected);
            byte[] back = new byte[256];
            int plainLength = cipher.unprotectRtp(expected, 12, expected.length, 0x5501a0b2, 0xf17b, back);
            assertThat(Arrays.copyOf(back, plainLength)).isEqualTo(plain);
        }
    }

    @Test
    void encryptsTheRtcpPacketOfRfc7714WithEitherProvider() {
        byte[] plain = hex("81c8000d4d6172734e5450314e545032525450200000042a0000e930"
                + "4c756e61deadbeefdeadbeefdeadbeefdeadbeefdeadbeef");
        byte[] expected = hex("81c8000d4d617273"
                + "63e94885dcdab67ca727d7662f6b7e997ff5c0f76c06f32dc676a5f1730d6fda4ce09b4686303ded"
                + "0bb9275bc84aa45896cf4d2fc5abf87245d9eade800005d4");
        for (GcmPacketCipher cipher : rfc7714Ciphers()) {
            byte[] out = new byte[256];
            int length = cipher.protectRtcp(plain, plain.length, 0x4d617273, 0x5d4, out);
            assertThat(Arrays.copyOf(out, length)).isEqualTo(expected);
        }
    }

    @Test
    void agreesWithLibsrtpOnAesCm() {
        SrtpKeys keys = sameBothWays(SrtpProfile.AES128_CM_HMAC_SHA1_80, CM_KEY, CM_SALT);
        byte[] srtp = hex("800f1234decafbadcafebabe" + "4e55dc4ce79978d88ca4d215949d2402b78d6acc99ea179b8dbb");
        byte[] srtcp = hex("81c8000bcafebabe" + "7128035be487b9bdbef89041f977a5a880000001993e08cd54d6c1230798");
        agrees(keys, srtp, srtcp);
    }

    @Test
    void agreesWithLibsrtpOnAesGcm() {
        SrtpKeys keys = sameBothWays(SrtpProfile.AEAD_AES_128_GCM, GCM_KEY, GCM_SALT);
        byte[] srtp =
                hex("800f1234decafbadcafebabe" + "c5002ede04cfdd2eb91159e0880aa06ed2976826f796b201df3131a127e8a392");
        byte[] srtcp =
                hex("81c8000bcafebabe" + "c98b8b5df0392a55852b6c21ac8e7025c52c6fbea2b3b446ea31123ba88ce61e80000001");
        agrees(keys, srtp, srtcp);
    }

    private static void agrees(SrtpKeys keys, byte[] srtp, byte[] srtcp) {
        SrtpSession session = new SrtpSession(keys);
        assertThat(SrtpFixtures.protectRtp(session, PLAIN_RTP)).isEqualTo(srtp);
        // This call uses up index 0, the first index by RFC 3711 §3.4. The packet of libsrtp has index 1.
        SrtpFixtures.protectRtcp(session, PLAIN_RTCP);
        assertThat(SrtpFixtures.protectRtcp(session, PLAIN_RTCP)).isEqualTo(srtcp);

        ByteBuf rtp = Unpooled.copiedBuffer(srtp);
        assertThat(session.unprotectRtp(rtp)).isEqualTo(SrtpResult.OK);
        assertThat(bytes(rtp)).isEqualTo(PLAIN_RTP);
        ByteBuf rtcp = Unpooled.copiedBuffer(srtcp);
        assertThat(session.unprotectRtcp(rtcp)).isEqualTo(SrtpResult.OK);
        assertThat(bytes(rtcp)).isEqualTo(PLAIN_RTCP);
    }

    private static SrtpKeys sameBothWays(SrtpProfile profile, byte[] key, byte[] salt) {
        return new SrtpKeys(profile, key, key, salt, salt);
    }

    private static GcmPacketCipher[] rfc7714Ciphers() {
        return new GcmPacketCipher[] {rfc7714Cipher(CryptoProviders.corretto()), rfc7714Cipher(null)};
    }

    private static GcmPacketCipher rfc7714Cipher(@Nullable Provider provider) {
        return new GcmPacketCipher(GCM_KEY, RFC_7714_SALT, GCM_KEY, RFC_7714_SALT, provider);
    }
}
