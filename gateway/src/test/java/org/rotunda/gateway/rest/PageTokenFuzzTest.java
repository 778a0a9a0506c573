package org.rotunda.gateway.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Fuzzes page tokens: a token that is accepted names a place that is written and read as the same. An input is the text
 * of a token, or its decoded content.
 */
class PageTokenFuzzTest {
    private static final String SID = "RM" + "0123456789abcdef".repeat(2);

    static Stream<byte[]> seeds() {
        String token = new PageToken(Instant.parse("2024-03-01T10:00:00.123456Z"), SID).write();
        return Stream.of(token, "1709287200.123456000." + SID, "999999999999.999999999." + SID)
                .map(text -> text.getBytes(StandardCharsets.US_ASCII));
    }

    @MethodSource("seeds")
    @FuzzTest
    void writesWhatItReads(byte[] bytes) {
        check(new String(bytes, StandardCharsets.UTF_8));
        check("PT" + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
    }

    private static void check(String text) {
        PageToken token;
        try {
            token = PageToken.read(text);
        } catch (ApiFault refused) {
            assertThat(refused.status()).isEqualTo(400);
            return;
        }
        assertThat(PageToken.read(token.write())).isEqualTo(token);
        assertThat(token.sid()).hasSize(34);
    }
}
