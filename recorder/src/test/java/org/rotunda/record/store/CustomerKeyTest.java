package org.rotunda.record.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.KeyPair;
import org.junit.jupiter.api.Test;

/** Tests which public keys are accepted (recording.md, row 30 of the bad input). */
class CustomerKeyTest {
    private static final KeyPair RSA = Keys.pair("RSA", 2048);

    private static void refuses(String pem, String reason) {
        assertThatThrownBy(() -> CustomerKey.parse(pem))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(reason);
    }

    @Test
    void anRsaKeyIsAccepted() {
        assertThat(Keys.customerKey(RSA).rsa()).isEqualTo(RSA.getPublic());
    }

    @Test
    void aKeyWithOtherLineEndsIsAccepted() {
        String pem = Keys.pem("PUBLIC KEY", RSA.getPublic().getEncoded()).replace("\n", "\r\n");
        assertThat(CustomerKey.parse("\r\n" + pem).rsa()).isEqualTo(RSA.getPublic());
    }

    @Test
    void aShortKeyIsRefused() {
        refuses(Keys.pem("PUBLIC KEY", Keys.pair("RSA", 512).getPublic().getEncoded()), "512 bits");
        refuses(Keys.pem("PUBLIC KEY", Keys.pair("RSA", 1024).getPublic().getEncoded()), "1024 bits");
    }

    @Test
    void aTextThatIsNotPemIsRefused() {
        refuses("", "not in PEM form");
        refuses("ssh-rsa AAAAB3NzaC1yc2E=", "not in PEM form");
        refuses("x".repeat(5_000), "longer than");
    }

    @Test
    void anotherKindOfKeyIsRefused() {
        refuses(Keys.pem("PRIVATE KEY", RSA.getPrivate().getEncoded()), "PRIVATE KEY");
        refuses(Keys.pem("PUBLIC KEY", Keys.pair("EC", 256).getPublic().getEncoded()), "not an RSA key");
        refuses(Keys.pem("PUBLIC KEY", new byte[] {1, 2, 3}), "not an RSA key");
        refuses("-----BEGIN PUBLIC KEY-----\n!!\n-----END PUBLIC KEY-----", "not an RSA key");
    }
}
