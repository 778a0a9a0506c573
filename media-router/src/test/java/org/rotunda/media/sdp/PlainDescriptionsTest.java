package org.rotunda.media.sdp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.rotunda.media.testkit.PeerLine;
import org.rotunda.media.testkit.PeerTrack;
import org.rotunda.media.testkit.PlainDescriptions;

/** The answers of bots to other servers: what RFC 8829 §5.3.1 asks of an answer that accepts everything. */
class PlainDescriptionsTest {
    private static final String OFFER = """
            v=0
            o=- 1 1 IN IP4 192.0.2.2
            s=VideoRoom 1
            t=0 0
            a=group:BUNDLE 0 1 2
            a=ice-lite
            a=fingerprint:sha-256 01:02
            m=video 9 UDP/TLS/RTP/SAVPF 98 99
            c=IN IP4 192.0.2.2
            a=sendonly
            a=mid:0
            a=rtcp-mux
            a=ice-ufrag:server
            a=ice-pwd:0123456789012345678901
            a=setup:actpass
            a=rtpmap:98 VP8/90000
            a=rtcp-fb:98 nack
            a=extmap:7 http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01
            a=rtpmap:99 rtx/90000
            a=fmtp:99 apt=98
            a=ssrc:11 cname:janus
            a=candidate:1 1 udp 2015363327 192.0.2.2 10000 typ host
            m=audio 9 UDP/TLS/RTP/SAVPF 111
            c=IN IP4 192.0.2.2
            a=inactive
            a=mid:1
            a=rtpmap:111 opus/48000/2
            m=application 9 UDP/DTLS/SCTP webrtc-datachannel
            c=IN IP4 192.0.2.2
            a=mid:2
            a=sctp-port:5000
            a=max-message-size:65535
            """.replace("\n", "\r\n");

    private static SessionDescription parse(String text) {
        assertThat(SdpParser.parse(text)).isInstanceOf(SdpResult.Parsed.class);
        return ((SdpResult.Parsed) SdpParser.parse(text)).description();
    }

    @Test
    void anAnswerAcceptsTheOfferedFormatsAndExtensionsWithTheirNumbers() {
        SessionDescription answer = parse(PlainDescriptions.answer(parse(OFFER), "me", "sha-256 0A:0B"));

        assertThat(answer.bundle()).containsExactly("0", "1", "2");
        MediaSection video = answer.media().get(0);
        assertThat(video.formats()).containsExactly("98", "99");
        assertThat(video.attributes("rtpmap")).containsExactly("98 VP8/90000", "99 rtx/90000");
        assertThat(video.attributes("fmtp")).containsExactly("99 apt=98");
        assertThat(video.attributes("extmap")).hasSize(1).allMatch(value -> value.startsWith("7 "));
        assertThat(video.mid()).isEqualTo("0");
        assertThat(video.direction()).isEqualTo(Direction.RECVONLY);
    }

    @Test
    void anAnswerHasTheBotsOwnCredentialsAndNothingOfTheServersStreams() {
        MediaSection video = parse(PlainDescriptions.answer(parse(OFFER), "me", "sha-256 0A:0B"))
                .media()
                .get(0);

        assertThat(video.attributes("ice-ufrag")).containsExactly("me");
        assertThat(video.attributes("ice-pwd")).hasSize(1).noneMatch(value -> value.startsWith("0123456789012"));
        assertThat(video.attributes("fingerprint")).containsExactly("sha-256 0A:0B");
        assertThat(video.attributes("setup")).containsExactly("active");
        assertThat(video.attributes("ssrc")).isEmpty();
        assertThat(video.attributes("candidate")).isEmpty();
    }

    @Test
    void aLineOnWhichNothingIsSentStaysInactive() {
        SessionDescription answer = parse(PlainDescriptions.answer(parse(OFFER), "me", "sha-256 0A:0B"));

        assertThat(answer.media().get(1).direction()).isEqualTo(Direction.INACTIVE);
    }

    @Test
    void anAnswerTakesTheDataChannelsOfTheServer() {
        MediaSection data = parse(PlainDescriptions.answer(parse(OFFER), "me", "sha-256 0A:0B"))
                .media()
                .get(2);

        assertThat(data.isRejected()).isFalse();
        assertThat(data.formats()).containsExactly("webrtc-datachannel");
        assertThat(data.attribute("sctp-port")).isEqualTo("5000");
        assertThat(data.attribute("setup")).isEqualTo("active");
        assertThat(data.attributes("recvonly")).isEmpty();
    }

    @Test
    void aTrackIsSentOnlyWhereTheAnswerReceivesIt() {
        PeerLine<PeerTrack> line = PeerLine.receiving(parse(OFFER).media().get(0), "track");
        assertThat(line.receivedTrackId()).isEqualTo("track");
        assertThat(line.isSending()).isFalse();

        line.onAnswer(parse(OFFER).media().get(0)); // The server's line is sendonly.
        assertThat(line.isSending()).isFalse();

        line.onAnswer(parse(OFFER.replace("a=sendonly", "a=recvonly")).media().get(0));
        assertThat(line.isSending()).isTrue();
    }
}
