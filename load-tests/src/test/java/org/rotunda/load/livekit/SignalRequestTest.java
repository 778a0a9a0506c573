package org.rotunda.load.livekit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Compares the requests with the bytes that LiveKit's own Go package (github.com/livekit/protocol 1.50) writes. */
class SignalRequestTest {
    private static String hex(byte[] request) {
        return HexFormat.of().formatHex(request);
    }

    @Test
    void anOfferAndAnAnswerAreDescriptionsAndTheAnswerHasTheIdOfTheOffer() {
        assertThat(hex(SignalRequest.offer("v=0\r\n"))).isEqualTo("0a0e0a056f666665721205763d300d0a");
        assertThat(hex(SignalRequest.answer("v=0\r\n", 300))).isEqualTo("12120a06616e737765721205763d300d0a18ac02");
    }

    @Test
    void aCameraIsAnnouncedWithItsLayers() {
        List<SignalRequest.Layer> layers = List.of(
                new SignalRequest.Layer(320, 180, 150_000),
                new SignalRequest.Layer(640, 360, 500_000),
                new SignalRequest.Layer(1280, 720, 2_500_000));

        assertThat(hex(SignalRequest.addCamera("id", layers)))
                .isEqualTo("223f0a026964120663616d657261180120800a28d00540014a0a10c00218b40120f093094a0c08011080"
                        + "0518e80220a0c21e4a0d080210800a18d00520a0cb9801");
    }

    @Test
    void aPingHasItsTimeAndALeaveItsReason() {
        assertThat(hex(SignalRequest.ping(1_700_000_000_123L))).isEqualTo("82010708fbd095ffbc31");
        assertThat(hex(SignalRequest.leave())).isEqualTo("42021001");
    }
}
