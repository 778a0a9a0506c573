package org.rotunda.gateway.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.SecureRandom;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.rotunda.gateway.auth.SecretBox.UnreadableException;

class SecretBoxTest {
    private static final String OWNER = "SK" + "1".repeat(32);
    private static final String KEY = "0123456789abcdef".repeat(4);
    private static final String OTHER_KEY = "fedcba9876543210".repeat(4);
    /** Base64 of its sealed form has no padding, so every character counts. */
    private static final String SECRET = "hush hushü";

    private final SecretBox box = box(KEY);

    private static SecretBox box(String... keys) {
        return new SecretBox(List.of(keys), new SecureRandom());
    }

    @Test
    void opensWhatItHasSealed() throws UnreadableException {
        String sealed = box.seal(OWNER, SECRET);

        assertThat(sealed).startsWith("g1:").doesNotContain("hush");
        assertThat(box.open(OWNER, sealed)).isEqualTo(Secret.of(SECRET));
        assertThat(box.seal(OWNER, SECRET)).as("with another nonce").isNotEqualTo(sealed);
    }

    @Test
    void opensTheSecretsOfAnEarlierKeyAndOfATimeWithoutKeys() throws UnreadableException {
        SecretBox changed = box(OTHER_KEY, KEY);

        assertThat(changed.open(OWNER, box.seal(OWNER, SECRET))).isEqualTo(Secret.of(SECRET));
        assertThat(changed.open(OWNER, box().seal(OWNER, SECRET))).isEqualTo(Secret.of(SECRET));
        assertThat(box(OTHER_KEY).open(OWNER, changed.seal(OWNER, SECRET)))
                .as("the first key encrypts")
                .isEqualTo(Secret.of(SECRET));
    }

    @Test
    void opensNoSecretOfAnotherOwnerOrKey() {
        String sealed = box.seal(OWNER, SECRET);

        assertUnreadable(box, "SK" + "2".repeat(32), sealed);
        assertUnreadable(box(OTHER_KEY), OWNER, sealed);
        assertUnreadable(box(), OWNER, sealed);
    }

    @Test
    void opensNoChangedText() {
        String sealed = box.seal(OWNER, SECRET);

        for (int i = 0; i < sealed.length(); i++) {
            char other = sealed.charAt(i) == 'A' ? 'B' : 'A';
            String changed = sealed.substring(0, i) + other + sealed.substring(i + 1);
            assertUnreadable(box, OWNER, changed);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "p1:", "g1:", "g1:abcdefgh", "g1:abcdefgh:", "x1:secret", "plain"})
    void opensNoOtherText(String text) {
        assertUnreadable(box, OWNER, text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0123", "zz23456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"})
    void refusesAKeyOfAnotherForm(String key) {
        assertThatThrownBy(() -> box(key))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining("zz");
    }

    private static void assertUnreadable(SecretBox box, String owner, String sealed) {
        assertThatThrownBy(() -> box.open(owner, sealed))
                .isInstanceOf(UnreadableException.class)
                .hasMessageNotContaining("hush");
    }
}
