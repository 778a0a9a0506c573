package org.rotunda.media.dtls;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import org.junit.jupiter.api.Test;

class DtlsFingerprintTest {
    private static final byte[] CERTIFICATE = {1, 2, 3};

    @Test
    void readsItsOwnDescriptions() {
        String text = DtlsFingerprint.ofCertificate(CERTIFICATE).toString();
        assertThat(text).matches("sha-256 ([0-9A-F]{2}:){31}[0-9A-F]{2}");
        DtlsFingerprint parsed = requireNonNull(DtlsFingerprint.parse(text));
        assertThat(parsed.matches(CERTIFICATE)).isTrue();
        assertThat(parsed.matches(new byte[] {1, 2, 4})).isFalse();
    }

    @Test
    void ignoresCase() {
        String text = DtlsFingerprint.ofCertificate(CERTIFICATE).toString();
        DtlsFingerprint lower = requireNonNull(
                DtlsFingerprint.parse(text.toLowerCase(Locale.ROOT).replace("sha", "SHA")));
        assertThat(lower.matches(CERTIFICATE)).isTrue();
    }

    @Test
    void refusesWeakHashesAndNonsense() {
        assertThat(DtlsFingerprint.parse("sha-1 " + "AB:".repeat(19) + "AB")).isNull();
        assertThat(DtlsFingerprint.parse("sha-256 " + "AB:".repeat(30) + "AB")).isNull();
        assertThat(DtlsFingerprint.parse("sha-256 " + "XY:".repeat(31) + "XY")).isNull();
        assertThat(DtlsFingerprint.parse("sha-256")).isNull();
        assertThat(DtlsFingerprint.parse("")).isNull();
        assertThat(DtlsFingerprint.parse("sha-512 " + "0a:".repeat(63) + "0a")).isNotNull();
    }
}
