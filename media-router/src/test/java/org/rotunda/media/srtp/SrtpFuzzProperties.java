package org.rotunda.media.srtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rotunda.media.srtp.SrtpFixtures.keys;
import static org.rotunda.media.srtp.SrtpFixtures.protectRtcp;
import static org.rotunda.media.srtp.SrtpFixtures.protectRtp;
import static org.rotunda.media.srtp.SrtpFixtures.rtcp;
import static org.rotunda.media.srtp.SrtpFixtures.rtpWithEverything;

import io.netty.buffer.Unpooled;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Properties of an SRTP session under hostile bytes, and of the index window against a simple model. */
class SrtpFuzzProperties {
    @Property(tries = 1000)
    void neverAcceptsRandomBytes(@ForAll SrtpProfile profile, @ForAll @Size(max = 200) byte[] packet) {
        SrtpSession session = new SrtpSession(keys(profile));
        assertThat(session.unprotectRtp(Unpooled.wrappedBuffer(packet))).isNotEqualTo(SrtpResult.OK);
        assertThat(session.unprotectRtcp(Unpooled.wrappedBuffer(packet))).isNotEqualTo(SrtpResult.OK);
    }

    @Property(tries = 1000)
    void neverAcceptsAMutatedPacket(
            @ForAll SrtpProfile profile,
            @ForAll @IntRange(max = 300) int position,
            @ForAll @IntRange(min = 1, max = 255) int flip,
            @ForAll @IntRange(max = 60) int cut) {
        SrtpSession client = new SrtpSession(keys(profile), SrtpRole.CLIENT);
        SrtpSession server = new SrtpSession(keys(profile));
        byte[] rtp = mutate(protectRtp(client, rtpWithEverything(1, 7, 40)), position, flip, cut);
        byte[] rtcp = mutate(protectRtcp(client, rtcp(1, 40)), position, flip, cut);
        assertThat(server.unprotectRtp(Unpooled.wrappedBuffer(rtp))).isNotEqualTo(SrtpResult.OK);
        assertThat(server.unprotectRtcp(Unpooled.wrappedBuffer(rtcp))).isNotEqualTo(SrtpResult.OK);
    }

    @Property(tries = 500)
    void protectNeverThrows(@ForAll SrtpProfile profile, @ForAll @Size(max = 100) byte[] packet) {
        SrtpSession session = new SrtpSession(keys(profile));
        session.protectRtp(Unpooled.wrappedBuffer(packet), Unpooled.buffer());
        session.protectRtcp(Unpooled.wrappedBuffer(packet), Unpooled.buffer());
    }

    @Property(tries = 300)
    void windowAgreesWithASetOfAllIndexes(
            @ForAll @Size(max = 200) List<@IntRange(min = -1500, max = 3000) Integer> steps) {
        PacketIndexWindow window = new PacketIndexWindow();
        Set<Long> accepted = new HashSet<>();
        long highest = -1;
        long position = 30_000;
        for (int step : steps) {
            position = Math.max(0, position + step);
            long index = position;
            if (highest >= 0) {
                assertThat(window.guess((int) index & 0xFFFF)).isEqualTo(index);
            }
            boolean fresh = index > highest - PacketIndexWindow.WINDOW_PACKETS && !accepted.contains(index);
            assertThat(window.isFresh(index)).isEqualTo(fresh);
            if (fresh) {
                window.accept(index);
                accepted.add(index);
                highest = Math.max(highest, index);
            } else {
                // The window guesses right only near the highest index. Therefore a position below the highest index
                // returns to it.
                position = Math.max(position, highest);
            }
        }
    }

    private static byte[] mutate(byte[] packet, int position, int flip, int cut) {
        byte[] mutated = Arrays.copyOf(packet, packet.length - Math.min(cut / 2, packet.length));
        if (mutated.length > 0) {
            mutated[position % mutated.length] ^= (byte) flip;
        }
        return mutated;
    }
}
