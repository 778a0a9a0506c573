package org.rotunda.media.sdp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onvoid.webrtc.RTCDataChannelInit;
import dev.onvoid.webrtc.RTCRtpTransceiverDirection;
import dev.onvoid.webrtc.RTCSdpType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.rotunda.media.codec.Codec;
import org.rotunda.media.control.Description;
import org.rotunda.media.stun.IceCredentials;

/**
 * Tests that libwebrtc accepts our descriptions. This matters because the SDK does not report a refused description.
 */
class LibwebrtcNegotiationTest {
    private static final OutgoingTrack AUDIO = new OutgoingTrack("MTa", "Sa", MediaKind.AUDIO, 11, -1, "c");
    private static final OutgoingTrack VIDEO = new OutgoingTrack("MTv", "Sv", MediaKind.VIDEO, 21, 22, "c");
    private static final OutgoingTrack OTHER = new OutgoingTrack("MTo", "So", MediaKind.VIDEO, 31, 32, "c");

    private final LibwebrtcPeer peer = new LibwebrtcPeer();
    private final RecordingSink sink = new RecordingSink();
    private Negotiation negotiation =
            new Negotiation(local("serv0", "AA"), () -> new IceCredentials("fresh", "p".repeat(24)), 7, sink);

    private static LocalParameters local(String ufrag, String fingerprintByte) {
        return local(ufrag, fingerprintByte, Set.of(Codec.VP8, Codec.H264));
    }

    private static LocalParameters local(String ufrag, String fingerprintByte, Set<Codec> videoCodecs) {
        return new LocalParameters(
                ufrag,
                "s".repeat(24),
                "sha-256 " + String.join(":", Collections.nCopies(32, fingerprintByte)),
                List.of("candidate:1 1 udp 2130706431 127.0.0.1 9 typ host"),
                videoCodecs);
    }

    @AfterEach
    void close() {
        peer.close();
    }

    private void clientOffers(long revision) {
        negotiation.onRemoteDescription(new Description(Description.Type.OFFER, revision, peer.offer()), 0);
    }

    private void clientTakesAnswer() {
        Description answer = sink.descriptions.stream()
                .filter(description -> description.type() == Description.Type.ANSWER)
                .reduce((first, second) -> second)
                .orElseThrow();
        peer.set(RTCSdpType.ANSWER, answer);
    }

    private void clientAnswers() {
        assertThat(sink.last().type()).isEqualTo(Description.Type.OFFER);
        negotiation.onRemoteDescription(
                new Description(Description.Type.ANSWER, sink.last().revision(), peer.answer(sink.last())), 0);
        assertThat(sink.faults).isEmpty();
    }

    private void setDesired(OutgoingTrack... tracks) {
        negotiation.setDesired(List.of(tracks), false, 0);
    }

    @Test
    void addsAndRemovesTracksOfBothSides() {
        peer.addAudio("mic", RTCRtpTransceiverDirection.SEND_RECV);
        peer.addVideo("unused", RTCRtpTransceiverDirection.RECV_ONLY);
        setDesired(AUDIO, VIDEO);
        clientOffers(1);
        clientTakesAnswer();
        assertThat(peer.directions())
                .containsExactly(RTCRtpTransceiverDirection.SEND_ONLY, RTCRtpTransceiverDirection.RECV_ONLY);

        clientAnswers(); // Our offer puts the audio track on the m-line of the microphone.
        assertThat(peer.directions())
                .containsExactly(RTCRtpTransceiverDirection.SEND_RECV, RTCRtpTransceiverDirection.RECV_ONLY);
        assertThat(outgoing()).containsExactly(AUDIO, VIDEO);

        negotiation.setDesired(List.of(AUDIO, VIDEO, OTHER), true, 0);
        clientAnswers();
        assertThat(outgoing()).containsExactly(AUDIO, VIDEO, OTHER);
        assertThat(sink.plan().application()).isNotNull();

        negotiation.setDesired(List.of(OTHER), true, 0);
        clientAnswers();
        assertThat(peer.directions())
                .containsExactly(
                        RTCRtpTransceiverDirection.SEND_ONLY,
                        RTCRtpTransceiverDirection.INACTIVE,
                        RTCRtpTransceiverDirection.RECV_ONLY);

        // The client publishes on the m-line that we opened.
        peer.connection().getTransceivers()[2].setDirection(RTCRtpTransceiverDirection.SEND_RECV);
        clientOffers(5);
        clientTakesAnswer();
        assertThat(peer.directions())
                .containsExactly(
                        RTCRtpTransceiverDirection.SEND_ONLY,
                        RTCRtpTransceiverDirection.INACTIVE,
                        RTCRtpTransceiverDirection.SEND_RECV);
        assertThat(sink.plan().lines().get(2).incoming()).isNotNull();
    }

    /**
     * Tests a client that has no video codec in common with us. Even if video is the first m-line, we must not reject
     * it, because libwebrtc refuses an answer that rejects the first m-line of the bundle.
     */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void soundAndDataGoOnWithoutACommonVideoCodec(boolean isVideoFirst) {
        negotiation = new Negotiation(
                local("serv0", "AA", Set.of()), () -> new IceCredentials("fresh", "p".repeat(24)), 7, sink);
        if (isVideoFirst) {
            peer.addVideo("camera", RTCRtpTransceiverDirection.SEND_RECV);
        }
        peer.addAudio("mic", RTCRtpTransceiverDirection.SEND_RECV);
        if (!isVideoFirst) {
            peer.addVideo("camera", RTCRtpTransceiverDirection.SEND_RECV);
        }
        peer.connection().createDataChannel("data", new RTCDataChannelInit());
        negotiation.setDesired(List.of(AUDIO, VIDEO), true, 0);
        clientOffers(1);
        clientTakesAnswer();
        clientAnswers(); // Our offer puts the audio track on the m-line of the microphone.

        assertThat(outgoing()).containsExactly(AUDIO);
        assertThat(sink.plan().application()).isNotNull();
        assertThat(sink.plan().lines()).extracting(MediaPlan.Line::kind).containsExactly(MediaKind.AUDIO);
        peer.addAudio("mic2", RTCRtpTransceiverDirection.SEND_RECV);
        clientOffers(3);
        clientTakesAnswer();
        assertThat(sink.plan().lines())
                .extracting(MediaPlan.Line::incoming)
                .doesNotContainNull()
                .hasSize(2);
    }

    @Test
    void winsWhenOffersCross() {
        peer.addAudio("mic", RTCRtpTransceiverDirection.SEND_RECV);
        peer.addVideo("unused", RTCRtpTransceiverDirection.RECV_ONLY);
        clientOffers(1);
        clientTakesAnswer();
        setDesired(OTHER);
        peer.addVideo("screen", RTCRtpTransceiverDirection.SEND_RECV);
        clientOffers(2);
        assertThat(negotiation.drops(NegotiationDrop.GLARE)).isEqualTo(1);

        clientAnswers();
        clientOffers(3);
        clientTakesAnswer();

        assertThat(outgoing()).contains(OTHER);
        assertThat(sink.plan().lines())
                .filteredOn(line -> line.incoming() != null)
                .hasSize(2);
    }

    @Test
    void restartsIceFromEitherSide() {
        peer.addAudio("mic", RTCRtpTransceiverDirection.SEND_RECV);
        peer.addVideo("camera", RTCRtpTransceiverDirection.SEND_RECV);
        peer.connection().createDataChannel("data", new RTCDataChannelInit());
        clientOffers(1);
        clientTakesAnswer();
        assertThat(sink.plan().application()).isNotNull();

        peer.connection().restartIce();
        clientOffers(2);
        clientTakesAnswer();
        assertThat(sink.plan().iceRestart()).isTrue();
        assertThat(sink.plan().localIce().ufrag()).isEqualTo("fresh");

        negotiation.restartIce(local("serv1", "AA"), 0);
        clientAnswers();
        assertThat(sink.plan().iceRestart()).isTrue();
        assertThat(sink.plan().localIce().ufrag()).isEqualTo("serv1");
    }

    @Test
    void movesALiveConnectionToAnotherNode() {
        peer.addAudio("mic", RTCRtpTransceiverDirection.SEND_RECV);
        peer.addVideo("unused", RTCRtpTransceiverDirection.RECV_ONLY);
        setDesired(VIDEO, OTHER);
        clientOffers(1);
        clientTakesAnswer();
        clientAnswers();

        List<OutgoingTrack> moved = new ArrayList<>();
        for (OutgoingTrack track : List.of(VIDEO, OTHER)) {
            moved.add(new OutgoingTrack(
                    track.trackId(), track.streamId(), track.kind(), track.ssrc() + 100, track.rtxSsrc() + 100, "c"));
        }
        negotiation = Negotiation.takeOver(
                negotiation.snapshot(),
                local("serv9", "BB"),
                () -> new IceCredentials("fresh", "p".repeat(24)),
                moved,
                false,
                sink,
                0);
        clientAnswers();

        assertThat(outgoing()).containsExactlyElementsOf(moved);
        assertThat(sink.plan().iceRestart()).isTrue();
        assertThat(peer.connection().getRemoteDescription().sdp).contains("a=ice-ufrag:serv9", "a=ssrc:121 ");
    }

    private List<OutgoingTrack> outgoing() {
        return sink.plan().lines().stream()
                .map(MediaPlan.Line::outgoing)
                .filter(Objects::nonNull)
                .toList();
    }
}
