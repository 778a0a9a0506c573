package org.rotunda.gateway.limit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class NamesTest {
    @Test
    void shouldTellWhatIsWrongWithAName() {
        assertThat(Names.faultOf("")).isEqualTo(NameFault.EMPTY);
        assertThat(Names.faultOf("x".repeat(128))).isNull();
        assertThat(Names.faultOf("x".repeat(129))).isEqualTo(NameFault.TOO_LONG);
        assertThat(Names.faultOf("Täglich 🦊 a/b?")).isNull();
        assertThat(Names.faultOf("a\uD800")).isEqualTo(NameFault.CHARS);
        assertThat(Names.faultOf("a\uD800b")).isEqualTo(NameFault.CHARS);
        assertThat(Names.faultOf("\uDC00")).isEqualTo(NameFault.CHARS);
        assertThat(Names.faultOf("a\0")).isEqualTo(NameFault.CHARS);
    }
}
