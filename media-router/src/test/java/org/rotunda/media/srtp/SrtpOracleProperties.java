package org.rotunda.media.srtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rotunda.media.srtp.SrtpFixtures.bytes;
import static org.rotunda.media.srtp.SrtpFixtures.keys;
import static org.rotunda.media.srtp.SrtpFixtures.rtcp;
import static org.rotunda.media.srtp.SrtpFixtures.rtp;
import static org.rotunda.media.srtp.SrtpFixtures.rtpWithEverything;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.security.GeneralSecurityException;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Compares our SRTP with jitsi-srtp, an independent implementation, in both directions. */
class SrtpOracleProperties {
    private static final int SSRC = 0x8000_0001;

    @Property(tries = 60)
    void jitsiReadsWhatWeSend(
            @ForAll SrtpProfile profile,
            @ForAll @IntRange(max = 0x7FFF) int first,
            @ForAll @Size(min = 1, max = 20) List<@IntRange(min = 1, max = 30_000) Integer> gaps)
            throws GeneralSecurityException {
        JitsiPeer jitsi = new JitsiPeer(keys(profile));
        SrtpSession ours = new SrtpSession(keys(profile));
        int sequenceNumber = first;
        for (int gap : gaps) { // With 20 gaps of up to 30,000 the sequence number wraps several times.
            byte[] plain = rtpWithEverything(SSRC, sequenceNumber & 0xFFFF, gap % 1100);
            assertThat(jitsi.unprotectRtp(SSRC, SrtpFixtures.protectRtp(ours, plain)))
                    .isEqualTo(plain);
            byte[] control = rtcp(SSRC, gap % 100 * 4);
            assertThat(jitsi.unprotectRtcp(SSRC, SrtpFixtures.protectRtcp(ours, control)))
                    .isEqualTo(control);
            sequenceNumber += gap;
        }
    }

    @Property(tries = 60)
    void weReadWhatJitsiSends(
            @ForAll SrtpProfile profile,
            @ForAll @IntRange(max = 0x7FFF) int first,
            @ForAll @Size(min = 1, max = 20) List<@IntRange(min = 1, max = 30_000) Integer> gaps)
            throws GeneralSecurityException {
        JitsiPeer jitsi = new JitsiPeer(keys(profile));
        SrtpSession ours = new SrtpSession(keys(profile));
        int sequenceNumber = first;
        for (int gap : gaps) {
            byte[] plain = rtp(SSRC, sequenceNumber & 0xFFFF, gap % 1100);
            ByteBuf packet = Unpooled.copiedBuffer(jitsi.protectRtp(SSRC, plain));
            assertThat(ours.unprotectRtp(packet)).isEqualTo(SrtpResult.OK);
            assertThat(bytes(packet)).isEqualTo(plain);
            byte[] control = rtcp(SSRC, gap % 100 * 4);
            ByteBuf controlPacket = Unpooled.copiedBuffer(jitsi.protectRtcp(SSRC, control));
            assertThat(ours.unprotectRtcp(controlPacket)).isEqualTo(SrtpResult.OK);
            assertThat(bytes(controlPacket)).isEqualTo(control);
            sequenceNumber += gap;
        }
    }
}
