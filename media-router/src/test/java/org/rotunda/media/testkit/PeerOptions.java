package org.rotunda.media.testkit;

import java.util.List;
import org.rotunda.media.control.VideoCodec;
import org.rotunda.media.srtp.SrtpProfile;

/**
 * The properties of the browser that a simulated peer stands for.
 *
 * @param rtx whether the browser negotiates RTX; Firefox does not
 * @param videoCodecs the codecs that the browser encodes and decodes, in its order of preference
 * @param nacks whether the browser asks for lost packets
 * @param profiles the SRTP profiles that the browser offers
 * @param announcement how the browser announces its streams
 * @param transportFeedback whether the browser negotiates and sends transport-wide feedback
 */
public record PeerOptions(
        boolean rtx,
        List<VideoCodec> videoCodecs,
        boolean nacks,
        List<SrtpProfile> profiles,
        Announcement announcement,
        boolean transportFeedback) {
    /** The ways in which a browser announces the streams that it sends. */
    public enum Announcement {
        /** The description contains the SSRCs. */
        SSRC,
        /** The packets contain MID and RID in one-byte header extensions. The description contains no SSRC. */
        MID,
        /** The same as {@link #MID}, but with two-byte header extensions. */
        MID_TWO_BYTE
    }

    public static final PeerOptions CHROMIUM = new PeerOptions(
            true,
            List.of(VideoCodec.VP8, VideoCodec.H264),
            true,
            List.of(SrtpProfile.AES128_CM_HMAC_SHA1_80, SrtpProfile.AEAD_AES_128_GCM),
            Announcement.SSRC,
            true);

    /** A browser without RTX. The router resends packets to it on the media SSRC. As a publisher it resends nothing. */
    public static final PeerOptions WITHOUT_RTX =
            new PeerOptions(false, CHROMIUM.videoCodecs(), true, CHROMIUM.profiles(), Announcement.SSRC, true);

    public PeerOptions {
        videoCodecs = List.copyOf(videoCodecs);
        profiles = List.copyOf(profiles);
    }

    public PeerOptions withoutNacks() {
        return new PeerOptions(rtx, videoCodecs, false, profiles, announcement, transportFeedback);
    }

    public PeerOptions withVideoCodecs(VideoCodec... codecs) {
        return new PeerOptions(rtx, List.of(codecs), nacks, profiles, announcement, transportFeedback);
    }

    public PeerOptions withProfile(SrtpProfile profile) {
        return new PeerOptions(rtx, videoCodecs, nacks, List.of(profile), announcement, transportFeedback);
    }

    public PeerOptions withAnnouncement(Announcement next) {
        return new PeerOptions(rtx, videoCodecs, nacks, profiles, next, transportFeedback);
    }

    public PeerOptions withoutTransportFeedback() {
        return new PeerOptions(rtx, videoCodecs, nacks, profiles, announcement, false);
    }
}
