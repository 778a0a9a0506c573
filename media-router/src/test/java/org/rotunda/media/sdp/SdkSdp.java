package org.rotunda.media.sdp;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes descriptions as Chromium does, with fewer codecs. */
final class SdkSdp {
    static final String FINGERPRINT = "sha-256 57:AE:60:1B:BC:E5";

    private final StringBuilder text = new StringBuilder(4096);
    private final String ufrag;
    private final String setup;

    SdkSdp(List<String> mids, String ufrag, String setup) {
        this.ufrag = ufrag;
        this.setup = setup;
        line("v=0");
        line("o=- 3912187521806752929 2 IN IP4 127.0.0.1");
        line("s=-");
        line("t=0 0");
        line("a=group:BUNDLE " + String.join(" ", mids));
        line("a=extmap-allow-mixed");
        line("a=msid-semantic: WMS");
    }

    SdkSdp media(SdkTransceiver transceiver, String mid, Direction direction) {
        boolean audio = transceiver.kind == MediaKind.AUDIO;
        line(audio ? "m=audio 9 UDP/TLS/RTP/SAVPF 111 63 0" : "m=video 9 UDP/TLS/RTP/SAVPF 96 97 98 108 109");
        transport(mid);
        line("a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid");
        line("a=extmap:3 http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01");
        line("a=" + direction.word());
        String trackId = transceiver.trackId;
        if (trackId != null) {
            line("a=msid:- " + trackId);
        }
        line("a=rtcp-mux");
        line("a=rtcp-rsize");
        if (audio) {
            line("a=rtpmap:111 opus/48000/2");
            line("a=rtcp-fb:111 transport-cc");
            line("a=fmtp:111 minptime=10;useinbandfec=1");
            line("a=rtpmap:63 red/48000/2");
            line("a=rtpmap:0 PCMU/8000");
        } else {
            video(96, "VP8", null);
            line("a=rtpmap:98 VP9/90000");
            video(108, "H264", "level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f");
        }
        if (trackId != null) {
            ssrcs(transceiver, audio);
        }
        return this;
    }

    private void video(int payloadType, String codec, @Nullable String fmtp) {
        line("a=rtpmap:" + payloadType + " " + codec + "/90000");
        line("a=rtcp-fb:" + payloadType + " goog-remb");
        line("a=rtcp-fb:" + payloadType + " transport-cc");
        line("a=rtcp-fb:" + payloadType + " nack");
        line("a=rtcp-fb:" + payloadType + " nack pli");
        if (fmtp != null) {
            line("a=fmtp:" + payloadType + " " + fmtp);
        }
        line("a=rtpmap:" + (payloadType + 1) + " rtx/90000");
        line("a=fmtp:" + (payloadType + 1) + " apt=" + payloadType);
    }

    private void ssrcs(SdkTransceiver transceiver, boolean audio) {
        for (long ssrc : transceiver.ssrcs) {
            if (!audio) {
                line("a=ssrc-group:FID " + ssrc + " " + (ssrc + 1));
                line("a=ssrc:" + (ssrc + 1) + " cname:c");
            }
            line("a=ssrc:" + ssrc + " cname:c");
        }
        if (transceiver.ssrcs.size() > 1) {
            line("a=ssrc-group:SIM "
                    + String.join(
                            " ", transceiver.ssrcs.stream().map(String::valueOf).toList()));
            line("a=x-google-flag:conference");
        }
    }

    SdkSdp application(String mid) {
        line("m=application 9 UDP/DTLS/SCTP webrtc-datachannel");
        transport(mid);
        line("a=sctp-port:5000");
        line("a=max-message-size:262144");
        return this;
    }

    private void transport(String mid) {
        line("c=IN IP4 0.0.0.0");
        line("a=ice-ufrag:" + ufrag);
        line("a=ice-pwd:pwd-of-" + ufrag);
        line("a=fingerprint:" + FINGERPRINT);
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
