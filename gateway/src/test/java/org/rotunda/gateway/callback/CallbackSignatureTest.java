package org.rotunda.gateway.callback;

import static org.assertj.core.api.Assertions.assertThat;

import com.twilio.security.RequestValidator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.rotunda.gateway.auth.Secret;
import org.rotunda.room.protocol.CallbackForm;

/** Tests the signature with worked examples, and against the validator of the stock library. */
class CallbackSignatureTest {
    private static final String TOKEN = "4f0c1d2e3b5a69788796a5b4c3d2e1f0";
    private static final String URL = "https://hooks.example.com/video/events?tenant=42";

    private static Map<String, String> parameters(String identity) {
        Map<String, String> parameters = new LinkedHashMap<>();
        parameters.put("AccountSid", "AC0123456789abcdef0123456789abcdef");
        parameters.put("RoomName", "Daily Standup");
        parameters.put("RoomSid", "RM00112233445566778899aabbccddeeff");
        parameters.put("RoomStatus", "in-progress");
        parameters.put("RoomType", "group");
        parameters.put("StatusCallbackEvent", "participant-connected");
        parameters.put("Timestamp", "2024-03-01T10:15:30.123Z");
        parameters.put("SequenceNumber", "1");
        parameters.put("ParticipantSid", "PA00112233445566778899aabbccddeeff");
        parameters.put("ParticipantStatus", "connected");
        parameters.put("ParticipantIdentity", identity);
        return parameters;
    }

    @Test
    void signsAPostRequest() {
        Map<String, String> parameters = parameters("alice@example.com");

        String signature = CallbackSignature.of(Secret.of(TOKEN), URL, parameters);

        assertThat(signature).isEqualTo("uAbQzoGZ84F8rYArRCwLQAfA5q4=");
        assertThat(new RequestValidator(TOKEN).validate(URL, parameters, signature))
                .isTrue();
    }

    @Test
    void signsCharactersOutsideOfAscii() {
        Map<String, String> parameters = parameters("Zoë 🎥");

        String signature = CallbackSignature.of(Secret.of(TOKEN), URL, parameters);

        assertThat(signature).isEqualTo("dv4Rx5mQ1MBMWhgCW1vTLuLXKZ0=");
        assertThat(new RequestValidator(TOKEN).validate(URL, parameters, signature))
                .isTrue();
    }

    @Test
    void signsAGetRequestByItsUrlAlone() {
        CallbackTarget target = CallbackTarget.of(URL, CallbackForm.encode(parameters("alice@example.com")));

        String signature = CallbackSignature.of(Secret.of(TOKEN), target.signedUrl(), Map.of());

        assertThat(target.signedUrl())
                .isEqualTo("https://hooks.example.com/video/events?tenant=42"
                        + "&AccountSid=AC0123456789abcdef0123456789abcdef&RoomName=Daily+Standup"
                        + "&RoomSid=RM00112233445566778899aabbccddeeff&RoomStatus=in-progress&RoomType=group"
                        + "&StatusCallbackEvent=participant-connected&Timestamp=2024-03-01T10%3A15%3A30.123Z"
                        + "&SequenceNumber=1&ParticipantSid=PA00112233445566778899aabbccddeeff"
                        + "&ParticipantStatus=connected&ParticipantIdentity=alice%40example.com");
        assertThat(signature).isEqualTo("zrXTRA7Ny0Vz/Z1Q6Z0hQQTjK48=");
        assertThat(new RequestValidator(TOKEN).validate(target.signedUrl(), Map.of(), signature))
                .isTrue();
    }

    @Test
    void anotherTokenOrAnotherValueGivesAnotherSignature() {
        String signature = CallbackSignature.of(Secret.of(TOKEN), URL, parameters("alice"));

        assertThat(CallbackSignature.of(Secret.of(TOKEN + "0"), URL, parameters("alice")))
                .isNotEqualTo(signature);
        assertThat(CallbackSignature.of(Secret.of(TOKEN), URL, parameters("alicf")))
                .isNotEqualTo(signature);
    }
}
