package org.rotunda.load.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.twilio.security.RequestValidator;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CallbackCounterTest {
    private static final List<BenchAccount> ACCOUNTS = BenchAccount.numbered(2);
    private static final BenchAccount SECOND = ACCOUNTS.get(1);

    private final HttpClient http = HttpClient.newHttpClient();

    private void send(CallbackCounter receiver, String token, String signature)
            throws IOException, InterruptedException {
        HttpResponse<Void> answer = http.send(
                HttpRequest.newBuilder(URI.create(receiver.url()))
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .header("I-Twilio-Idempotency-Token", token)
                        .header("X-Twilio-Signature", signature)
                        .POST(HttpRequest.BodyPublishers.ofString(
                                "RoomName=Daily+%C3%9Cbung&AccountSid=" + SECOND.sid()))
                        .build(),
                HttpResponse.BodyHandlers.discarding());
        assertThat(answer.statusCode()).isEqualTo(200);
    }

    private static String signature(CallbackCounter receiver) {
        return CallbackSignatures.of(
                SECOND.authToken(), receiver.url(), Map.of("RoomName", "Daily Übung", "AccountSid", SECOND.sid()));
    }

    @Test
    void theSignatureIsThatOfTheStockLibrary() {
        Map<String, String> form = Map.of("RoomName", "Daily Übung", "AccountSid", SECOND.sid(), "Empty", "");
        String url = "http://127.0.0.1:8080/events?tenant=42";

        assertThat(new RequestValidator(SECOND.authToken())
                        .validate(url, form, CallbackSignatures.of(SECOND.authToken(), url, form)))
                .isTrue();
    }

    @Test
    void oneInAHundredSignaturesIsChecked() throws Exception {
        try (CallbackCounter receiver = new CallbackCounter(ACCOUNTS)) {
            for (int i = 0; i <= CallbackCounter.CHECKED_ONE_IN; i++) {
                send(receiver, "token-" + i, i % CallbackCounter.CHECKED_ONE_IN == 0 ? signature(receiver) : "any");
            }
            receiver.await(CallbackCounter.CHECKED_ONE_IN + 1);
            receiver.awaitChecks(2);

            CallbackCounter.Count count = receiver.count();
            assertThat(count.callbacks()).isEqualTo(CallbackCounter.CHECKED_ONE_IN + 1);
            assertThat(count.repeats()).isZero();
            assertThat(count.forged()).isZero();
            assertThat(count.perSecond()).isEqualTo(count.callbacks() / count.seconds());
        }
    }

    @Test
    void aWrongSignatureAndARepeatAreCounted() throws Exception {
        try (CallbackCounter receiver = new CallbackCounter(ACCOUNTS)) {
            send(receiver, "token", "forged");
            receiver.awaitChecks(1); // The receiver answers before it counts, so the order of two callbacks is open.
            send(receiver, "token", signature(receiver));
            receiver.awaitArrivals(2);

            assertThat(receiver.count().callbacks()).isEqualTo(1);
            assertThat(receiver.count().repeats()).isEqualTo(1);
            assertThat(receiver.count().forged()).isEqualTo(1);

            receiver.reset();

            assertThat(receiver.count()).isEqualTo(new CallbackCounter.Count(0, 0, 0, 0, 0));
            assertThat(receiver.count().perSecond()).isNaN();
        }
    }
}
