package org.rotunda.load.bot;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.rotunda.media.rtp.ExtensionLayout;
import org.rotunda.media.rtp.RtpExtensions;
import org.rotunda.media.rtp.RtpHeader;
import org.rotunda.media.sdp.HeaderExtension;
import org.rotunda.media.sdp.MediaSection;
import org.rotunda.media.sdp.SdpLine;

class TrackExtensionsTest {
    private static final SdpLine MID = new SdpLine('a', "extmap:4 " + HeaderExtension.MID.uri());
    private static final SdpLine RID = new SdpLine('a', "extmap:5 " + HeaderExtension.RID.uri());
    private static final SdpLine REPAIRED_RID = new SdpLine('a', "extmap:6 " + HeaderExtension.REPAIRED_RID.uri());
    private static final SdpLine TRANSPORT_CC = new SdpLine('a', "extmap:3 " + HeaderExtension.TRANSPORT_CC.uri());

    private static MediaSection answer(SdpLine... lines) {
        return new MediaSection("video", 9, "UDP/TLS/RTP/SAVPF", List.of("96", "97"), List.of(lines));
    }

    /** Returns the text of an extension in a packet with this block, or null if the block does not have it. */
    private static @Nullable String text(ExtensionLayout layout, int id) {
        ByteBuf packet = Unpooled.buffer();
        RtpHeader.write(packet, true, false, 96, 1, 1, 1);
        layout.writeTo(packet);
        int element = RtpExtensions.find(packet, id);
        return element == RtpExtensions.NONE
                ? null
                : packet.toString(
                        RtpExtensions.offset(element), RtpExtensions.lengthBytes(element), StandardCharsets.US_ASCII);
    }

    @Test
    void eachStreamHasItsRidAndItsResendsTheRepairedOne() {
        TrackExtensions extensions = TrackExtensions.of(answer(MID, RID, REPAIRED_RID, TRANSPORT_CC), "0", 3);

        for (int stream = 0; stream < 3; stream++) {
            assertThat(text(extensions.ofMedia(stream), 5)).isEqualTo("r" + stream);
            assertThat(text(extensions.ofMedia(stream), 6)).isNull();
            assertThat(text(extensions.ofResends(stream), 6)).isEqualTo("r" + stream);
            assertThat(text(extensions.ofResends(stream), 5)).isNull();
            assertThat(text(extensions.ofMedia(stream), 4)).isEqualTo("0");
        }
    }

    @Test
    void streamsHaveNoRidWhereTheServerTakesNoneOrThereIsOneStream() {
        TrackExtensions without = TrackExtensions.of(answer(MID, TRANSPORT_CC), "0", 3);
        TrackExtensions single = TrackExtensions.of(answer(MID, RID, REPAIRED_RID), "0", 1);

        assertThat(without.ofMedia(2)).isSameAs(without.ofMedia(0)).isSameAs(without.ofResends(1));
        assertThat(text(without.ofMedia(0), 4)).isEqualTo("0");
        assertThat(text(single.ofMedia(0), 5)).isNull();
    }
}
