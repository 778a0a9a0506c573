package org.rotunda.gateway.auth;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class NameFaultTest {
    @Test
    void tellsTheFaultOfAName() {
        assertThat(NameFault.of("")).isEqualTo(NameFault.EMPTY);
        assertThat(NameFault.of("x".repeat(128))).isNull();
        assertThat(NameFault.of("x".repeat(129))).isEqualTo(NameFault.TOO_LONG);
        assertThat(NameFault.of("Täglich 🦊 a/b?")).isNull();
        assertThat(NameFault.of("a\uD800")).isEqualTo(NameFault.CHARS);
        assertThat(NameFault.of("a\uD800b")).isEqualTo(NameFault.CHARS);
        assertThat(NameFault.of("\uDC00")).isEqualTo(NameFault.CHARS);
        assertThat(NameFault.of("a\0")).isEqualTo(NameFault.CHARS);
    }
}
