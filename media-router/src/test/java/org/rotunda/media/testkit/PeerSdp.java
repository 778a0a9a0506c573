package org.rotunda.media.testkit;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.rotunda.media.control.VideoCodec;
import org.rotunda.media.sdp.MediaKind;

/** Writes descriptions as the SDK in Chromium does, with fewer codecs. */
public final class PeerSdp {
    public static final int OPUS = 111;
    public static final int VP8 = 96;
    public static final int H264 = 108;
    public static final int AUDIO_LEVEL_ID = 1;
    /** An extension that browsers offer and the router refuses. */
    public static final String ABS_SEND_TIME = "http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time";

    static final int ABS_SEND_TIME_ID = 2;
    public static final int TRANSPORT_CC_ID = 3;
    public static final int MID_ID = 4;
    static final int RID_ID = 5;
    static final int CONTENT_TYPE_ID = 7;
    static final int REPAIRED_RID_ID = 6;

    private final StringBuilder text = new StringBuilder(4096);
    private final PeerOptions options;
    private final String ufrag;
    private final String fingerprint;
    private final String setup;

    PeerSdp(PeerOptions options, List<String> mids, String ufrag, String fingerprint, String setup) {
        this.options = options;
        this.ufrag = ufrag;
        this.fingerprint = fingerprint;
        this.setup = setup;
        line("v=0");
        line("o=- 3912187521806752929 2 IN IP4 127.0.0.1");
        line("s=-");
        line("t=0 0");
        line("a=group:BUNDLE " + String.join(" ", mids));
        line("a=extmap-allow-mixed");
        line("a=msid-semantic: WMS");
    }

    void rtp(PeerLine<?> line, String mid, String direction) {
        boolean audio = line.kind == MediaKind.AUDIO;
        line(audio ? "m=audio 9 UDP/TLS/RTP/SAVPF " + OPUS : "m=video 9 UDP/TLS/RTP/SAVPF " + videoFormats());
        transport(mid);
        if (audio) {
            line("a=extmap:" + AUDIO_LEVEL_ID + " urn:ietf:params:rtp-hdrext:ssrc-audio-level");
        }
        line("a=extmap:" + ABS_SEND_TIME_ID + " " + ABS_SEND_TIME);
        if (options.transportFeedback()) {
            line("a=extmap:" + TRANSPORT_CC_ID
                    + " http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01");
        }
        line("a=extmap:" + MID_ID + " urn:ietf:params:rtp-hdrext:sdes:mid");
        if (!audio) {
            line("a=extmap:" + CONTENT_TYPE_ID + " http://www.webrtc.org/experiments/rtp-hdrext/video-content-type");
        }
        boolean byMid = options.announcement() != PeerOptions.Announcement.SSRC;
        if (byMid && !audio) {
            line("a=extmap:" + RID_ID + " urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id");
            line("a=extmap:" + REPAIRED_RID_ID + " urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id");
        }
        line("a=" + direction);
        PeerTrack track = line.track;
        if (track != null) {
            line("a=msid:- " + track.trackId());
        }
        line("a=rtcp-mux");
        line("a=rtcp-rsize");
        if (audio) {
            line("a=rtpmap:" + OPUS + " opus/48000/2");
            if (options.transportFeedback()) {
                line("a=rtcp-fb:" + OPUS + " transport-cc");
            }
            line("a=fmtp:" + OPUS + " minptime=10;useinbandfec=1");
        } else {
            for (VideoCodec codec : options.videoCodecs()) {
                video(payloadType(codec), codec);
            }
        }
        if (track != null && byMid) {
            rids(track);
        } else if (track != null) {
            ssrcs(track);
        }
    }

    static int payloadType(VideoCodec codec) {
        return codec == VideoCodec.VP8 ? VP8 : H264;
    }

    /** Returns the RTX payload type of a codec: its payload type plus one. */
    public static int rtxPayloadType(int payloadType) {
        return payloadType + 1;
    }

    private String videoFormats() {
        return options.videoCodecs().stream()
                .map(codec -> {
                    int payloadType = payloadType(codec);
                    return options.rtx() ? payloadType + " " + rtxPayloadType(payloadType) : "" + payloadType;
                })
                .collect(Collectors.joining(" "));
    }

    private void video(int payloadType, VideoCodec codec) {
        line("a=rtpmap:" + payloadType + " " + codec + "/90000");
        for (String feedback : List.of("goog-remb", "transport-cc", "ccm fir", "nack", "nack pli")) {
            if (options.transportFeedback() || !feedback.equals("transport-cc")) {
                line("a=rtcp-fb:" + payloadType + " " + feedback);
            }
        }
        if (codec == VideoCodec.H264) {
            line("a=fmtp:" + payloadType + " level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f");
        }
        if (options.rtx()) {
            line("a=rtpmap:" + rtxPayloadType(payloadType) + " rtx/90000");
            line("a=fmtp:" + rtxPayloadType(payloadType) + " apt=" + payloadType);
        }
    }

    /** Returns the RID of an encoding; the lowest layer has number 0. */
    public static String rid(int encoding) {
        return "r" + encoding;
    }

    private void rids(PeerTrack track) {
        if (track.streams().size() < 2) {
            return;
        }
        List<String> rids = IntStream.range(0, track.streams().size())
                .mapToObj(PeerSdp::rid)
                .toList();
        rids.forEach(rid -> line("a=rid:" + rid + " send"));
        line("a=simulcast:send " + String.join(";", rids));
    }

    private void ssrcs(PeerTrack track) {
        for (PeerTrack.Stream stream : track.streams()) {
            String ssrc = Integer.toUnsignedString(stream.ssrc());
            if (track.hasRtx()) {
                String rtxSsrc = Integer.toUnsignedString(stream.rtxSsrc());
                line("a=ssrc-group:FID " + ssrc + " " + rtxSsrc);
                line("a=ssrc:" + rtxSsrc + " cname:c");
            }
            line("a=ssrc:" + ssrc + " cname:c");
        }
        if (track.streams().size() > 1) {
            line("a=ssrc-group:SIM "
                    + track.streams().stream()
                            .map(stream -> Integer.toUnsignedString(stream.ssrc()))
                            .collect(Collectors.joining(" ")));
            line("a=x-google-flag:conference");
        }
    }

    void application(String mid) {
        line("m=application 9 UDP/DTLS/SCTP webrtc-datachannel");
        transport(mid);
        line("a=sctp-port:5000");
        line("a=max-message-size:262144");
    }

    void rejectedVideo(String mid) {
        line("m=video 0 UDP/TLS/RTP/SAVPF " + videoFormats());
        line("c=IN IP4 0.0.0.0");
        line("a=mid:" + mid);
        line("a=inactive");
    }

    private void transport(String mid) {
        line("c=IN IP4 0.0.0.0");
        line("a=ice-ufrag:" + ufrag);
        line("a=ice-pwd:" + PeerIce.password(ufrag));
        line("a=fingerprint:" + fingerprint);
        line("a=setup:" + setup);
        line("a=mid:" + mid);
    }

    private void line(String line) {
        text.append(line).append("\r\n");
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
