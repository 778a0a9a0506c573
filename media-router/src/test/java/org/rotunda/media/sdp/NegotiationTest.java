package org.rotunda.media.sdp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.rotunda.media.codec.Codec;
import org.rotunda.media.control.Description;
import org.rotunda.media.stun.IceCredentials;

class NegotiationTest {
    private static final long MS = 1_000_000;
    private static final OutgoingTrack AUDIO = new OutgoingTrack("MTa", "Sa", MediaKind.AUDIO, 11, -1, "c");
    private static final OutgoingTrack VIDEO = new OutgoingTrack("MTv", "Sv", MediaKind.VIDEO, 21, 22, "c");
    private static final OutgoingTrack OTHER = new OutgoingTrack("MTo", "So", MediaKind.VIDEO, 31, 32, "c");

    private final RecordingSink sink = new RecordingSink();
    private Negotiation negotiation = create(Set.of(Codec.VP8, Codec.H264));

    private Negotiation create(Set<Codec> videoCodecs) {
        return new Negotiation(local("L0", videoCodecs), () -> new IceCredentials("fresh", "fresh-pwd"), 7, sink);
    }

    private static LocalParameters local(String ufrag, Set<Codec> videoCodecs) {
        return new LocalParameters(
                ufrag, "pwd", "sha-256 AA:BB", List.of("1 1 udp 2130706431 192.0.2.1 10000 typ host"), videoCodecs);
    }

    private void offer(long revision, String sdp) {
        negotiation.onRemoteDescription(new Description(Description.Type.OFFER, revision, sdp), 0);
    }

    /** Answers our last offer like a client that publishes nothing. */
    private void answerLast(long nowNanos) {
        Description ours = sink.last();
        assertThat(ours.type()).isEqualTo(Description.Type.OFFER);
        String sdp = ours.sdp().replace("a=setup:actpass", "a=setup:active").replace("a=sendrecv", "a=recvonly");
        negotiation.onRemoteDescription(new Description(Description.Type.ANSWER, ours.revision(), sdp), nowNanos);
    }

    private void setDesired(OutgoingTrack... tracks) {
        negotiation.setDesired(List.of(tracks), false, 0);
    }

    @Test
    void answersTheFirstOfferAsAnIceLiteDtlsServer() {
        offer(1, Goldens.text("offer-audio-video"));

        assertThat(sink.last().type()).isEqualTo(Description.Type.ANSWER);
        assertThat(sink.last().revision()).isEqualTo(1);
        SessionDescription answer = sink.lastSdp();
        assertThat(answer.attribute("ice-lite")).isEmpty();
        assertThat(answer.bundle()).containsExactly("0", "1");
        MediaSection audio = answer.media().get(0);
        MediaSection video = answer.media().get(1);
        assertThat(audio.formats()).containsExactly("111", "0");
        assertThat(audio.attributes("fmtp")).containsExactly("111 minptime=10;useinbandfec=1");
        assertThat(audio.attributes("rtcp-fb")).containsExactly("111 transport-cc");
        assertThat(audio.attributes("extmap"))
                .containsExactly(
                        "1 urn:ietf:params:rtp-hdrext:ssrc-audio-level",
                        "3 http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01",
                        "4 urn:ietf:params:rtp-hdrext:sdes:mid");
        assertThat(video.formats()).containsExactly("96", "97", "108", "109");
        assertThat(video.attributes("rtpmap"))
                .containsExactly("96 VP8/90000", "97 rtx/90000", "108 H264/90000", "109 rtx/90000");
        assertThat(video.attributes("fmtp"))
                .containsExactly(
                        "97 apt=96",
                        "108 level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f",
                        "109 apt=108");
        assertThat(video.attributes("rtcp-fb"))
                .contains("96 ccm fir", "96 goog-remb", "96 nack", "96 nack pli", "96 transport-cc");
        assertThat(video.attributes("extmap"))
                .containsExactly(
                        "3 http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01",
                        "4 urn:ietf:params:rtp-hdrext:sdes:mid",
                        "6 http://www.webrtc.org/experiments/rtp-hdrext/video-content-type");
        for (MediaSection section : answer.media()) {
            assertThat(section.direction()).isEqualTo(Direction.RECVONLY);
            assertThat(section.attribute("setup")).isEqualTo("passive");
            assertThat(section.attribute("ice-ufrag")).isEqualTo("L0");
            assertThat(section.attribute("ice-pwd")).isEqualTo("pwd");
            assertThat(section.attribute("fingerprint")).isEqualTo("sha-256 AA:BB");
            assertThat(section.attribute("candidate")).isEqualTo("1 1 udp 2130706431 192.0.2.1 10000 typ host");
            assertThat(section.attribute("end-of-candidates")).isEmpty();
            assertThat(section.attribute("rtcp-mux")).isEmpty();
            assertThat(section.attribute("rtcp-rsize")).isEmpty();
            assertThat(section.attribute("msid")).isNull();
        }
    }

    @Test
    void plansWhatTheClientSendsLowestLayerFirst() {
        offer(1, Goldens.text("offer-simulcast"));

        MediaPlan plan = sink.plan();
        MediaPlan.Line audio = plan.lines().get(0);
        MediaPlan.Line video = plan.lines().get(1);
        assertThat(audio.incoming())
                .isEqualTo(new MediaPlan.Incoming(
                        "1a34e470-0121-4061-9c12-587c2851ba56", List.of(new MediaPlan.Encoding(398893557, -1))));
        assertThat(video.incoming())
                .isEqualTo(new MediaPlan.Incoming(
                        "334ecbea-c46c-4954-9d72-d161d97e0b51",
                        List.of(
                                new MediaPlan.Encoding(317077001, 4228671320L),
                                new MediaPlan.Encoding(1320580362, 2616538052L),
                                new MediaPlan.Encoding(1888484279, 1468769706))));
        assertThat(video.payloads())
                .extracting(CodecPayload::codec, CodecPayload::payloadType, CodecPayload::rtxPayloadType)
                .containsExactly(tuple(Codec.VP8, 96, 97), tuple(Codec.H264, 108, 109));
        assertThat(video.extensions())
                .containsEntry(HeaderExtension.MID, 4)
                .containsEntry(HeaderExtension.TRANSPORT_CC, 3)
                .containsEntry(HeaderExtension.VIDEO_CONTENT_TYPE, 6)
                .hasSize(3);
        assertThat(plan.remoteIce()).isEqualTo(new IceCredentials("0z4/", "qLTDoM59vSNSiMlI00I+BibH"));
        assertThat(plan.remoteFingerprints()).hasSize(1);
        assertThat(plan.iceRestart()).isFalse();
        assertThat(plan.application()).isNull();
    }

    /** Group rooms carry VP8 and H.264 only, so such a client sends VP8. */
    @Test
    void answersAClientThatPrefersVp9OrAv1WithVp8() {
        offer(
                1,
                Goldens.text("offer-simulcast")
                        .replace("SAVPF 96 97 98 99 100 101 ", "SAVPF 98 99 45 46 100 101 96 97 ")
                        .replace(" 39 40 45 46 ", " 39 40 "));

        assertThat(sink.plan().lines().get(1).payloads())
                .extracting(CodecPayload::codec)
                .containsExactly(Codec.VP8, Codec.H264);
        assertThat(sink.last().sdp()).contains("VP8/90000").doesNotContain("VP9", "AV1");
    }

    @Test
    void keepsOnlyTheLowestSimulcastLayerWithoutVp8() {
        negotiation = create(Set.of(Codec.H264));
        offer(1, Goldens.text("offer-simulcast"));

        MediaPlan.Line video = sink.plan().lines().get(1);
        assertThat(video.payloads()).extracting(CodecPayload::codec).containsExactly(Codec.H264);
        assertThat(Objects.requireNonNull(video.incoming()).encodings())
                .containsExactly(new MediaPlan.Encoding(317077001, 4228671320L));
    }

    @Test
    void putsTheFirstRemoteTracksIntoTheFirstAnswer() {
        setDesired(AUDIO, VIDEO, OTHER);
        offer(1, Goldens.text("offer-no-tracks"));

        SessionDescription answer = Goldens.parse(sink.descriptions.get(0).sdp());
        MediaSection video = answer.media().get(1);
        assertThat(answer.media().get(0).direction()).isEqualTo(Direction.SENDONLY);
        assertThat(answer.media().get(0).attribute("msid")).isEqualTo("Sa MTa");
        assertThat(video.attribute("msid")).isEqualTo("Sv MTv");
        assertThat(video.attributes("ssrc-group")).containsExactly("FID 21 22");
        assertThat(video.attributes("ssrc"))
                .containsExactly("21 cname:c", "21 msid:Sv MTv", "22 cname:c", "22 msid:Sv MTv");
        assertThat(sink.plans.get(0).lines())
                .extracting(MediaPlan.Line::outgoing)
                .containsExactly(AUDIO, VIDEO);
        // The answer had no m-line for OTHER, so our own offer adds an m-line.
        assertThat(sink.last().type()).isEqualTo(Description.Type.OFFER);
        assertThat(sink.last().revision()).isEqualTo(2);
        MediaSection added = sink.lastSdp().media().get(2);
        assertThat(added.direction()).isEqualTo(Direction.SENDRECV);
        assertThat(added.attribute("setup")).isEqualTo("actpass");
        assertThat(added.attribute("msid")).isEqualTo("So MTo");
        assertThat(added.formats()).containsExactly("96", "97", "108", "109");
        assertThat(sink.lastSdp().bundle()).containsExactly("0", "1", added.mid());
    }

    @Test
    void holdsItsOffersUntilTheFirstNegotiationIsComplete() {
        setDesired(AUDIO);
        negotiation.restartIce(local("L1", Set.of()), 0);

        assertThat(sink.descriptions).isEmpty();
    }

    @Test
    void collectsDesiredStatesWhileAnOfferIsOut() {
        offer(1, Goldens.text("offer-audio-video"));
        setDesired(VIDEO);
        setDesired(VIDEO, OTHER);
        setDesired(AUDIO, OTHER);

        assertThat(sink.descriptions).hasSize(2);
        answerLast(0);
        assertThat(sink.plan().lines()).extracting(MediaPlan.Line::outgoing).contains(VIDEO);
        assertThat(sink.last().revision()).isEqualTo(3);
        answerLast(0);
        assertThat(sink.plan().lines())
                .extracting(MediaPlan.Line::outgoing)
                .contains(AUDIO, OTHER)
                .doesNotContain(VIDEO);
        assertThat(negotiation.isOffering()).isFalse();
        assertThat(sink.descriptions).hasSize(3);
    }

    @Test
    void reusesALineOnlyAfterANegotiationWithoutTheTrack() {
        offer(1, Goldens.text("offer-no-tracks"));
        setDesired(VIDEO);
        answerLast(0);
        setDesired();
        assertThat(sink.lastSdp().media().get(1).direction()).isEqualTo(Direction.INACTIVE);
        assertThat(sink.lastSdp().media().get(1).attribute("msid")).isNull();
        setDesired(OTHER);
        answerLast(0);

        assertThat(sink.last().revision()).isEqualTo(4);
        assertThat(sink.lastSdp().media()).hasSize(2);
        assertThat(sink.lastSdp().media().get(1).attribute("msid")).isEqualTo("So MTo");
    }

    @Test
    void replacesATrackOnAnotherLineInOneOffer() {
        offer(1, Goldens.text("offer-no-tracks"));
        setDesired(VIDEO);
        answerLast(0);
        setDesired(OTHER);

        assertThat(sink.lastSdp().media().get(1).direction()).isEqualTo(Direction.INACTIVE);
        assertThat(sink.lastSdp().media().get(2).attribute("msid")).isEqualTo("So MTo");
    }

    @Test
    void receivesWhatTheClientPublishesOnALineWeOpened() {
        offer(1, Goldens.text("offer-audio-video"));
        setDesired(VIDEO, OTHER);
        answerLast(0);
        Description ours = sink.last();
        String sdp = ours.sdp().replace("a=ice-ufrag:L0", "a=ice-ufrag:client");
        offer(3, sdp.replace("msid:So MTo", "msid:- mine"));

        assertThat(sink.last().type()).isEqualTo(Description.Type.ANSWER);
        assertThat(sink.lastSdp().media().get(2).direction()).isEqualTo(Direction.SENDRECV);
        MediaPlan.Line line = sink.plan().lines().get(2);
        assertThat(Objects.requireNonNull(line.incoming()).trackId()).isEqualTo("mine");
        assertThat(line.outgoing()).isEqualTo(OTHER);
    }

    @Test
    void ignoresAnOfferThatCrossesOursAndThenGivesTheClientItsTurn() {
        offer(1, Goldens.text("offer-audio-video"));
        setDesired(VIDEO);
        offer(2, Goldens.text("offer-audio-video"));
        assertThat(negotiation.drops(NegotiationDrop.GLARE)).isEqualTo(1);
        assertThat(sink.descriptions).hasSize(2);
        setDesired(VIDEO, OTHER);
        answerLast(5 * MS);

        assertThat(negotiation.isOffering()).isFalse();
        assertThat(negotiation.nextDeadlineNanos()).isEqualTo(5 * MS + Negotiation.CLIENT_TURN_NANOS);
        negotiation.onTimeout(5 * MS + Negotiation.CLIENT_TURN_NANOS);
        assertThat(negotiation.isOffering()).isTrue();
        assertThat(sink.last().revision()).isEqualTo(3);
    }

    @Test
    void ignoresUnpublishedTracksThatKeepTheirMsid() {
        offer(1, Goldens.text("offer-unpublished-video"));

        assertThat(sink.plan().lines().get(1).incoming()).isNull();
        assertThat(sink.lastSdp().media().get(1).direction()).isEqualTo(Direction.INACTIVE);
    }

    @Test
    void repeatsItsAnswerToARepeatedOffer() {
        offer(1, Goldens.text("offer-audio-video"));
        offer(1, Goldens.text("offer-audio-video"));

        assertThat(sink.descriptions).hasSize(2);
        assertThat(sink.descriptions.get(0)).isEqualTo(sink.descriptions.get(1));
        assertThat(sink.plans).hasSize(1);
    }

    @Test
    void ignoresStaleDescriptions() {
        offer(5, Goldens.text("offer-audio-video"));
        offer(4, Goldens.text("offer-audio-video"));
        negotiation.onRemoteDescription(
                new Description(Description.Type.ANSWER, 5, Goldens.text("answer-data-and-media")), 0);

        assertThat(negotiation.drops(NegotiationDrop.STALE_OFFER)).isEqualTo(1);
        assertThat(negotiation.drops(NegotiationDrop.STALE_ANSWER)).isEqualTo(1);
        assertThat(sink.descriptions).hasSize(1);
    }

    @Test
    void takesAnOfferBeyondItsOwnForTheLostAnswer() {
        offer(1, Goldens.text("offer-audio-video"));
        setDesired(VIDEO);
        String sdp = sink.last().sdp().replace("a=sendrecv", "a=recvonly");
        offer(3, sdp);

        assertThat(sink.last().revision()).isEqualTo(3);
        assertThat(sink.last().type()).isEqualTo(Description.Type.ANSWER);
        assertThat(negotiation.isOffering()).isFalse();
        assertThat(sink.plan().lines()).extracting(MediaPlan.Line::outgoing).contains(VIDEO);
    }

    @Test
    void reportsOnceThatAnAnswerIsOverdue() {
        offer(1, Goldens.text("offer-audio-video"));
        negotiation.setDesired(List.of(VIDEO), false, 100);
        assertThat(negotiation.nextDeadlineNanos()).isEqualTo(100 + Negotiation.ANSWER_WAIT_NANOS);
        negotiation.onTimeout(99 + Negotiation.ANSWER_WAIT_NANOS);
        assertThat(sink.overdue).isEmpty();
        negotiation.onTimeout(100 + Negotiation.ANSWER_WAIT_NANOS);
        negotiation.onTimeout(300 + Negotiation.ANSWER_WAIT_NANOS);

        assertThat(sink.overdue).containsExactly(2L);
        assertThat(negotiation.nextDeadlineNanos()).isEqualTo(Long.MAX_VALUE);
        assertThat(Objects.requireNonNull(negotiation.lastLocal()).type()).isEqualTo(Description.Type.OFFER);
    }

    @Test
    void answersAnIceRestartWithFreshCredentials() {
        offer(1, Goldens.text("offer-audio-video"));
        offer(2, Goldens.text("offer-audio-video").replaceAll("a=ice-ufrag:.*", "a=ice-ufrag:again"));

        assertThat(sink.lastSdp().media().get(1).attribute("ice-ufrag")).isEqualTo("fresh");
        assertThat(sink.plan().iceRestart()).isTrue();
        assertThat(sink.plan().localIce()).isEqualTo(new IceCredentials("fresh", "fresh-pwd"));
        assertThat(sink.plan().remoteIce().ufrag()).isEqualTo("again");
    }

    @Test
    void restartsIceByAnOfferOfItsOwn() {
        offer(1, Goldens.text("offer-audio-video"));
        negotiation.restartIce(local("L1", Set.of(Codec.VP8)), 0);

        assertThat(sink.last().type()).isEqualTo(Description.Type.OFFER);
        assertThat(sink.lastSdp().media().get(0).attribute("ice-ufrag")).isEqualTo("L1");
    }

    @Test
    void offersVideoOnceTheClientHasShownItsNumbers() {
        String both = Goldens.text("offer-audio-video");
        offer(1, both.substring(0, both.indexOf("m=video")).replace("BUNDLE 0 1", "BUNDLE 0"));
        setDesired(VIDEO, OTHER);
        assertThat(negotiation.isOffering()).isFalse();
        offer(2, both);

        assertThat(sink.last().type()).isEqualTo(Description.Type.OFFER);
        assertThat(sink.lastSdp().media().get(2).formats()).containsExactly("96", "97", "108", "109");
        assertThat(negotiation.unplacedTracks()).isEmpty();
    }

    @Test
    void opensTheDataChannelTransportWhenTheClientHasNone() {
        offer(1, Goldens.text("offer-audio-video"));
        negotiation.setDesired(List.of(), true, 0);
        MediaSection application = sink.lastSdp().media().get(2);
        assertThat(application.protocol()).isEqualTo("UDP/DTLS/SCTP");
        assertThat(application.attribute("sctp-port")).isEqualTo("5000");
        assertThat(application.attribute("max-message-size")).isEqualTo("262144");
        answerLast(0);

        assertThat(sink.plan().application())
                .isEqualTo(new MediaPlan.Application(Objects.requireNonNull(application.mid()), 5_000, 262_144));
        negotiation.setDesired(List.of(), true, 0);
        assertThat(negotiation.isOffering()).isFalse();
    }

    @Test
    void usesTheDataChannelTransportOfTheClient() {
        negotiation.setDesired(List.of(), true, 0);
        offer(1, Goldens.text("offer-data-track"));

        assertThat(sink.plan().application()).isEqualTo(new MediaPlan.Application("2", 5_000, 262_144));
        assertThat(sink.descriptions).hasSize(1);
    }

    @Test
    void rejectsAnMLineWithoutACommonCodecAndKeepsItsPlace() {
        offer(1, Goldens.text("offer-audio-video").replace(" VP8/", " VPX/").replace("H264/", "H265/"));

        assertThat(sink.lastSdp().media().get(1).port()).isZero();
        assertThat(sink.lastSdp().media().get(1).mid()).isEqualTo("1");
        assertThat(sink.lastSdp().bundle()).containsExactly("0");
        setDesired(VIDEO);
        assertThat(negotiation.isOffering()).isFalse(); // The client supports none of the video codecs that we send.
        assertThat(negotiation.kindsWithoutCodec()).containsExactly(MediaKind.VIDEO);
    }

    /** Returns an offer of a client without H.264. */
    private static String withoutH264(String golden) {
        return Goldens.text(golden).replace("H264/90000", "H265/90000");
    }

    /**
     * Tests a first m-line without a common codec. This line describes the transport of all lines. Chromium refuses an
     * answer that rejects the line.
     */
    @Test
    void keepsTheFirstLineOfTheBundleInactiveIfItHasNoCommonCodec() {
        negotiation = create(Set.of(Codec.H264));
        negotiation.setDesired(List.of(AUDIO, VIDEO), true, 0);
        offer(1, withoutH264("offer-simulcast-video-first"));

        SessionDescription answer = Goldens.parse(sink.descriptions.get(0).sdp());
        assertThat(answer.bundle()).containsExactly("0", "1");
        MediaSection kept = answer.media().get(0);
        assertThat(kept.isRejected()).isFalse();
        assertThat(kept.direction()).isEqualTo(Direction.INACTIVE);
        assertThat(kept.formats()).containsExactly("96");
        assertThat(kept.attributes("rtpmap")).containsExactly("96 VP8/90000");
        assertThat(kept.attribute("rtcp-mux")).isEmpty();
        assertThat(kept.attribute("ice-ufrag")).isEqualTo("L0");
        assertThat(answer.media().get(1).direction()).isEqualTo(Direction.SENDONLY);
        assertThat(sink.plans.get(0).lines()).extracting(MediaPlan.Line::kind).containsExactly(MediaKind.AUDIO);
        assertThat(negotiation.kindsWithoutCodec()).containsExactly(MediaKind.VIDEO);

        assertThat(sink.last().type()).isEqualTo(Description.Type.OFFER);
        assertThat(sink.lastSdp().media().get(0).direction()).isEqualTo(Direction.INACTIVE);
        assertThat(sink.lastSdp().media().get(0).formats()).containsExactly("96");
        assertThat(negotiation.unplacedTracks()).containsExactly(VIDEO.trackId());
        answerLast(0);
        assertThat(sink.faults).isEmpty();
        assertThat(sink.plan().lines())
                .filteredOn(line -> line.outgoing() != null)
                .extracting(MediaPlan.Line::kind)
                .containsExactly(MediaKind.AUDIO);
    }

    @Test
    void keepsTheFirstLineAfterAMoveAndUsesItOnceTheClientHasACommonCodec() {
        negotiation = create(Set.of(Codec.H264));
        offer(1, withoutH264("offer-simulcast-video-first"));
        negotiation = Negotiation.takeOver(
                NegotiationTableCodec.decode(NegotiationTableCodec.encode(negotiation.snapshot())),
                local("L9", Set.of(Codec.H264)),
                () -> new IceCredentials("fresh", "fresh-pwd"),
                List.of(),
                false,
                sink,
                0);

        assertThat(sink.lastSdp().media().get(0).direction()).isEqualTo(Direction.INACTIVE);
        assertThat(negotiation.kindsWithoutCodec()).containsExactly(MediaKind.VIDEO);
        answerLast(0);
        offer(3, Goldens.text("offer-simulcast-video-first"));
        assertThat(sink.lastSdp().media().get(0).direction().receives()).isTrue();
        assertThat(sink.lastSdp().media().get(0).attributes("rtpmap")).contains("108 H264/90000");
        assertThat(negotiation.kindsWithoutCodec()).isEmpty();
    }

    @Test
    void refusesAnOfferWithoutAnyCommonCodec() {
        negotiation = create(Set.of());
        String sdp = Goldens.text("offer-audio-video").replace("opus/", "opux/").replace("PCMU/", "PCMX/");
        offer(1, sdp);

        assertThat(sink.faults).containsExactly(NegotiationFault.NO_SUPPORTED_CODEC);
        assertThat(sink.faults.get(0).code()).isEqualTo(53404);
        assertThat(sink.descriptions).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a=mid:1", "a=group:BUNDLE 0 1", "a=ice-ufrag:", "a=ice-pwd:", "a=fingerprint:", "v=0"})
    void refusesAnOfferThatLacksWhatItNeeds(String prefix) {
        String sdp = Goldens.text("offer-audio-video")
                .lines()
                .filter(line -> !line.startsWith(prefix))
                .reduce("", (text, line) -> text + line + "\r\n");
        offer(1, sdp);

        assertThat(sink.faults).containsExactly(NegotiationFault.UNUSABLE_DESCRIPTION);
        assertThat(sink.faults.get(0).code()).isEqualTo(53403);
        assertThat(sink.descriptions).isEmpty();
    }

    @Test
    void refusesAnOfferThatMovesMLines() {
        offer(1, Goldens.text("offer-audio-video"));
        offer(2, Goldens.text("offer-simulcast-video-first"));

        assertThat(sink.faults).containsExactly(NegotiationFault.UNUSABLE_DESCRIPTION);
    }

    @Test
    void refusesAnAnswerThatTakesTheDtlsServerRole() {
        offer(1, Goldens.text("offer-audio-video"));
        setDesired(VIDEO);
        String sdp = sink.last().sdp().replace("actpass", "passive");
        negotiation.onRemoteDescription(new Description(Description.Type.ANSWER, 2, sdp), 0);

        assertThat(sink.faults).containsExactly(NegotiationFault.UNUSABLE_DESCRIPTION);
        assertThat(negotiation.isOffering()).isTrue();
    }

    @Test
    void leavesATrackOutWhoseLineTheClientRejects() {
        offer(1, Goldens.text("offer-audio-video"));
        setDesired(VIDEO, OTHER);
        String sdp = sink.last().sdp().replace("actpass", "active");
        int third = sdp.lastIndexOf("m=video 9");
        String mid = sink.lastSdp().media().get(2).mid();
        sdp = sdp.substring(0, third) + sdp.substring(third).replace("m=video 9", "m=video 0");
        negotiation.onRemoteDescription(
                new Description(Description.Type.ANSWER, 2, sdp.replace(" " + mid + "\r", "\r")), 0);

        assertThat(negotiation.isOffering()).isFalse();
        assertThat(sink.plan().lines()).hasSize(2);
        setDesired(AUDIO, VIDEO, OTHER);
        assertThat(sink.lastSdp().media().get(2).port()).isZero();
        assertThat(sink.lastSdp().media()).hasSize(3);
    }

    @Test
    void asksForAnOfferOfAConnectionThatWeStart() {
        negotiation.requestOffer();
        assertThat(sink.last()).isEqualTo(new Description(Description.Type.CREATE_OFFER, 1, ""));
        assertThat(negotiation.lastLocal()).isEqualTo(sink.last());
        offer(2, Goldens.text("offer-audio-video"));

        assertThat(sink.last().type()).isEqualTo(Description.Type.ANSWER);
        assertThat(sink.last().revision()).isEqualTo(2);
    }

    @Test
    void sendsNothingAfterItsEnd() {
        offer(1, Goldens.text("offer-audio-video"));
        setDesired(VIDEO);
        negotiation.close();
        negotiation.close();
        setDesired(AUDIO);
        offer(9, Goldens.text("offer-audio-video"));
        negotiation.onTimeout(Long.MAX_VALUE - 1);

        assertThat(sink.last()).isEqualTo(new Description(Description.Type.CLOSE, 3, ""));
        assertThat(sink.descriptions).hasSize(3);
        assertThat(negotiation.isClosed()).isTrue();
        assertThat(negotiation.drops(NegotiationDrop.UNEXPECTED)).isEqualTo(1);
    }

    @Test
    void movesALiveConnectionToAnotherNodeByOneOffer() {
        setDesired(AUDIO, VIDEO);
        offer(1, Goldens.text("offer-no-tracks"));
        SessionDescription before = sink.lastSdp();
        NegotiationTable table = negotiation.snapshot();
        OutgoingTrack audio = new OutgoingTrack("MTa", "Sa", MediaKind.AUDIO, 111, -1, "c");
        OutgoingTrack video = new OutgoingTrack("MTv", "Sv", MediaKind.VIDEO, 121, 122, "c");
        negotiation = Negotiation.takeOver(
                table,
                local("L9", Set.of(Codec.VP8, Codec.H264)),
                () -> new IceCredentials("fresh", "fresh-pwd"),
                List.of(audio, video),
                false,
                sink,
                0);

        assertThat(sink.last().type()).isEqualTo(Description.Type.OFFER);
        assertThat(sink.last().revision()).isEqualTo(2);
        SessionDescription after = sink.lastSdp();
        assertThat(after.media()).extracting(MediaSection::mid).isEqualTo(mids(before));
        assertThat(after.media().get(1).attribute("msid")).isEqualTo("Sv MTv");
        assertThat(after.media().get(1).attributes("ssrc-group")).containsExactly("FID 121 122");
        assertThat(after.media().get(1).attribute("ice-ufrag")).isEqualTo("L9");
        assertThat(after.media().get(1).attribute("setup")).isEqualTo("actpass");
        assertThat(after.media().get(1).formats())
                .isEqualTo(before.media().get(1).formats());
        answerLast(0);
        assertThat(sink.plan().lines()).extracting(MediaPlan.Line::outgoing).containsExactly(audio, video);
        assertThat(sink.descriptions).hasSize(2);
    }

    private static List<String> mids(SessionDescription session) {
        return session.media().stream()
                .map(section -> Objects.requireNonNull(section.mid()))
                .toList();
    }

    @Test
    void leavesTracksOutThatWouldMakeTheClientsOfferTooLong() {
        offer(1, Goldens.text("offer-no-tracks"));
        List<OutgoingTrack> tracks = new ArrayList<>();
        for (long i = 0; i < 400; i++) {
            tracks.add(new OutgoingTrack("MT" + i, "S" + i, MediaKind.VIDEO, 2 * i, 2 * i + 1, "c"));
        }
        negotiation.setDesired(tracks, false, 0);

        int lines = sink.lastSdp().media().size();
        assertThat(lines * MLineTable.VIDEO_LINE_BYTES)
                .isBetween(SdpParser.LENGTH_MAX * 9 / 10, SdpParser.LENGTH_MAX + 6_000);
        assertThat(negotiation.unplacedTracks()).hasSize(400 - (lines - 1)).contains("MT399");
        answerLast(0);
        assertThat(negotiation.isOffering()).isFalse();
        negotiation.setDesired(tracks.subList(100, 400), false, 0);
        answerLast(0); // A hundred m-lines are now inactive and free.
        answerLast(0);
        assertThat(negotiation.unplacedTracks()).hasSize(300 - (lines - 1));
        assertThat(sink.lastSdp().media()).hasSize(lines);
    }

    @Test
    void letsAClientPublishWhileTracksComeAndGoAllTheTime() {
        NegotiationWorld world = new NegotiationWorld();
        world.client.connect();
        world.deliverToServer();
        world.deliverToClient();
        world.subscribe(MediaKind.VIDEO);
        world.publish(MediaKind.AUDIO, false);
        for (int roundTrip = 0; roundTrip < 4; roundTrip++) {
            world.subscribe(MediaKind.VIDEO);
            world.deliverToServer();
            world.deliverToServer();
            world.unsubscribe(0);
            world.deliverToClient();
            world.deliverToClient();
        }

        assertThat(Objects.requireNonNull(world.plan).lines())
                .extracting(MediaPlan.Line::incoming)
                .anyMatch(Objects::nonNull);
    }

    @Test
    void hasTheSameStateAfterATableWasSavedAndRestored() {
        offer(1, Goldens.text("offer-simulcast"));
        setDesired(AUDIO, VIDEO, OTHER);
        NegotiationTable saved = negotiation.snapshot();
        NegotiationTable table = NegotiationTableCodec.decode(NegotiationTableCodec.encode(saved));
        assertThat(table).isEqualTo(saved);
        Negotiation restored = Negotiation.takeOver(
                table,
                local("L0", Set.of(Codec.VP8)),
                () -> new IceCredentials("f", "p"),
                List.of(AUDIO, VIDEO, OTHER),
                false,
                new RecordingSink(),
                0);

        NegotiationTable again = restored.snapshot();
        assertThat(again.lines()).isEqualTo(table.lines());
        assertThat(again.payloads()).containsExactlyInAnyOrderElementsOf(table.payloads());
        assertThat(again.extensions()).isEqualTo(table.extensions());
        assertThat(again.answer()).isEqualTo(table.answer());
        assertThat(again.revision()).isEqualTo(table.revision() + 1);
        assertThat(again.sessionVersion()).isGreaterThan(table.sessionVersion());
    }
}
