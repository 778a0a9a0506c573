package org.rotunda.media.testkit;

import io.netty.buffer.ByteBuf;
import org.rotunda.media.rtp.ExtensionLayout;

/** Writes the header extensions of the packets that a simulated peer sends on one m-line. */
final class RtpExtensionsOut {
    private static final int LEVEL = 0x80 | 30; // The packet has voice at -30 dBov.

    private final ExtensionLayout layout;
    private final boolean video;

    RtpExtensionsOut(boolean video, String mid) {
        this.video = video;
        ExtensionLayout.Builder builder = ExtensionLayout.builder()
                .transportSequence(PeerSdp.TRANSPORT_CC_ID)
                .mid(PeerSdp.MID_ID, mid);
        layout = (video ? builder : builder.audioLevel(PeerSdp.AUDIO_LEVEL_ID)).build();
    }

    void write(ByteBuf packet) {
        layout.writeTo(packet);
        if (!video) {
            layout.setAudioLevel(packet, LEVEL);
        }
    }

    void number(ByteBuf packet, int transportSequence) {
        layout.setTransportSequence(packet, transportSequence & 0xFFFF);
    }
}
