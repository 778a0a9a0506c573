package org.rotunda.media.dtls;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** Fuzzes the reader of fingerprints: a fingerprint that is accepted is written and read as the same. */
class DtlsFingerprintFuzzTest {

    static Stream<byte[]> seeds() {
        String sha256 = DtlsLink.SERVER.fingerprint().toString();
        return Stream.of(
                        sha256,
                        "  SHA-256   " + sha256.substring("sha-256 ".length()).toLowerCase(Locale.ROOT),
                        "sha-384 " + "AB:".repeat(47) + "CD",
                        "sha-512 " + "AB:".repeat(63) + "CD",
                        "sha-1 " + "AB:".repeat(19) + "CD")
                .map(text -> text.getBytes(StandardCharsets.UTF_8));
    }

    @MethodSource("seeds")
    @FuzzTest
    void writesWhatItReads(byte[] bytes) {
        DtlsFingerprint fingerprint = DtlsFingerprint.parse(new String(bytes, StandardCharsets.UTF_8));
        if (fingerprint != null) {
            String written = fingerprint.toString();
            assertThat(written).startsWith("sha-");
            assertThat(Objects.requireNonNull(DtlsFingerprint.parse(written))).hasToString(written);
            assertThat(fingerprint.matches(bytes)).isFalse();
        }
    }
}
