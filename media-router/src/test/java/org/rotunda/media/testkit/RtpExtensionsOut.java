package org.rotunda.media.testkit;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.rotunda.media.rtp.ExtensionLayout;
import org.rotunda.media.rtp.RtpExtensions;
import org.rotunda.media.rtp.RtpHeader;

/** Writes the header extensions of the packets that a simulated peer sends on one m-line. */
final class RtpExtensionsOut {
    private static final int LEVEL = 0x80 | 30; // The packet has voice at -30 dBov.
    private static final int SCREEN = 1; // Bit 0 of the content type.
    private static final int ONE_BYTE = 0xBEDE;
    private static final int TWO_BYTE = 0x1000;

    private final ExtensionLayout layout;
    private final ExtensionLayout screenLayout;
    private final PublishedTrack track;
    private final String mid;
    private final PeerOptions.Announcement announcement;
    private final boolean midsSent;

    /**
     * @param midsSent false if the packets carry neither MID nor RID, like Chromium's packets after our first report
     */
    RtpExtensionsOut(PublishedTrack track, String mid, PeerOptions.Announcement announcement, boolean midsSent) {
        this.track = track;
        this.mid = mid;
        this.announcement = announcement;
        this.midsSent = midsSent;
        ExtensionLayout.Builder builder = ExtensionLayout.builder()
                .transportSequence(PeerSdp.TRANSPORT_CC_ID)
                .mid(PeerSdp.MID_ID, mid);
        layout = (track.isVideo() ? builder : builder.audioLevel(PeerSdp.AUDIO_LEVEL_ID)).build();
        screenLayout = builder.contentType(PeerSdp.CONTENT_TYPE_ID).build();
    }

    /** Appends the extensions to a packet that has only its fixed header. */
    void write(ByteBuf packet) {
        if (announcement == PeerOptions.Announcement.SSRC) {
            if (track.isScreenMarked()) {
                screenLayout.writeTo(packet);
                packet.setByte(packet.readerIndex() + screenLayout.contentTypeOffset(), SCREEN);
                return;
            }
            layout.writeTo(packet);
            if (!track.isVideo()) {
                layout.setAudioLevel(packet, LEVEL);
            }
            return;
        }
        boolean twoByte = announcement == PeerOptions.Announcement.MID_TWO_BYTE;
        int head = packet.writerIndex();
        packet.writeShort(twoByte ? TWO_BYTE : ONE_BYTE).writeShort(0);
        element(packet, PeerSdp.TRANSPORT_CC_ID, new byte[2], twoByte);
        if (midsSent) {
            element(packet, PeerSdp.MID_ID, mid.getBytes(StandardCharsets.US_ASCII), twoByte);
            List<? extends PeerTrack.Stream> streams = track.streams();
            for (int i = 0; i < streams.size() && streams.size() > 1; i++) {
                if (streams.get(i).ssrc() == RtpHeader.ssrc(packet)) {
                    element(packet, PeerSdp.RID_ID, PeerSdp.rid(i).getBytes(StandardCharsets.US_ASCII), twoByte);
                }
            }
        }
        while ((packet.writerIndex() - head) % 4 != 0) {
            packet.writeByte(0);
        }
        packet.setShort(head + 2, (packet.writerIndex() - head) / 4 - 1);
    }

    private static void element(ByteBuf packet, int id, byte[] value, boolean twoByte) {
        if (twoByte) {
            packet.writeByte(id).writeByte(value.length);
        } else {
            packet.writeByte(id << 4 | (value.length - 1));
        }
        packet.writeBytes(value);
    }

    static void number(ByteBuf packet, int transportSequence) {
        int element = RtpExtensions.find(packet, PeerSdp.TRANSPORT_CC_ID);
        packet.setShort(packet.readerIndex() + RtpExtensions.offset(element), transportSequence & 0xFFFF);
    }

    /** Turns the RID extension of an RTX packet into a repaired RID extension (RFC 8852 §3.2). */
    static void repair(ByteBuf packet, PeerOptions.Announcement announcement) {
        int element = RtpExtensions.find(packet, PeerSdp.RID_ID);
        if (announcement == PeerOptions.Announcement.SSRC || element == RtpExtensions.NONE) {
            return;
        }
        int value = packet.readerIndex() + RtpExtensions.offset(element);
        if (announcement == PeerOptions.Announcement.MID_TWO_BYTE) {
            packet.setByte(value - 2, PeerSdp.REPAIRED_RID_ID);
        } else {
            packet.setByte(value - 1, PeerSdp.REPAIRED_RID_ID << 4 | (RtpExtensions.lengthBytes(element) - 1));
        }
    }
}
