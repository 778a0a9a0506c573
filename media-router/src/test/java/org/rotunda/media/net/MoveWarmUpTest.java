package org.rotunda.media.net;

import static org.assertj.core.api.Assertions.assertThatCode;

import java.security.SecureRandom;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.rotunda.media.dtls.DtlsIdentity;

class MoveWarmUpTest {
    @Test
    void takesOverAConnectionInMemory() {
        DtlsIdentity identity = DtlsIdentity.generate(new SecureRandom(), Instant.parse("2026-01-01T00:00:00Z"));
        try (HandshakePool handshakes = new HandshakePool()) {
            assertThatCode(() -> MoveWarmUp.run(identity, handshakes, new SecureRandom(), 2))
                    .doesNotThrowAnyException();
        }
    }
}
