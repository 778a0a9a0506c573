package org.rotunda.record.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests the parameters of media URLs and their tokens (recording.md, rows 14 to 16 of the bad input). */
class MediaUrlsTest {
    private static final Instant NOW = Instant.parse("2026-05-01T12:00:00Z");
    private static final URI BASE = URI.create("https://video.example.com/media/");
    private static final byte[] OLD = secret(1);
    private static final byte[] NEW = secret(2);
    private static final ContentDisposition DISPOSITION = ContentDisposition.attachmentOf(Keys.RECORDING);

    private static byte[] secret(int value) {
        byte[] secret = new byte[32];
        Arrays.fill(secret, (byte) value);
        return secret;
    }

    private static String token(MediaUrls urls) {
        return urls.sign(Keys.RECORDING, NOW.plusSeconds(600), DISPOSITION)
                .getPath()
                .substring("/media/".length());
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "3601", "-1", "1.5", "x", "", " 5", "99999999999999999999", "\u0665"})
    void aTtlOutOfBoundsIsRefused(String text) {
        assertThatThrownBy(() -> MediaTtl.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aTtlIsInSeconds() {
        assertThat(MediaTtl.parse("1")).isEqualTo(Duration.ofSeconds(1));
        assertThat(MediaTtl.parse("3600")).isEqualTo(Duration.ofHours(1));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "form-data",
                "inline\r\nX:1",
                "inline\n",
                "attachment; filename=\"a\"b\"",
                "attachment; filename=\"a\\\"b\"",
                "attachment; filename=\"\u00e9\"",
                "attachment; filename=",
                "attachment; filename=\"a\"; x=y",
                "attachment;;"
            })
    void anotherDispositionIsRefused(String text) {
        assertThatThrownBy(() -> new ContentDisposition(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aLongDispositionIsRefused() {
        assertThatThrownBy(() -> new ContentDisposition("attachment; filename=\"" + "a".repeat(4_096) + "\""))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "inline",
                "attachment",
                "Attachment",
                "attachment; filename=\"a b (1).mkv\"",
                "inline;filename=a.mkv",
                "inline; FileName=\"100%.mkv\""
            })
    void aDispositionIsAccepted(String text) {
        assertThat(new ContentDisposition(text).value()).isEqualTo(text);
    }

    @Test
    void aTokenSaysWhatMayBeRead() {
        MediaUrls urls = new MediaUrls(BASE, List.of(NEW));
        assertThat(urls.open(token(urls), NOW))
                .contains(new MediaUrls.Permit(Keys.RECORDING, NOW.plusSeconds(600), DISPOSITION));
    }

    @Test
    void aTokenExpires() {
        MediaUrls urls = new MediaUrls(BASE, List.of(NEW));
        assertThat(urls.open(token(urls), NOW.plusSeconds(599))).isPresent();
        assertThat(urls.open(token(urls), NOW.plusSeconds(600))).isEmpty();
    }

    @Test
    void aTokenWithOneBitChangedDoesNotOpen() {
        MediaUrls urls = new MediaUrls(BASE, List.of(NEW));
        byte[] token = token(urls).getBytes(StandardCharsets.ISO_8859_1);
        for (int bit = 0; bit < token.length * Byte.SIZE; bit++) {
            byte[] changed = token.clone();
            changed[bit / Byte.SIZE] ^= (byte) (1 << (bit % Byte.SIZE));
            assertThat(urls.open(new String(changed, StandardCharsets.ISO_8859_1), NOW))
                    .as("bit " + bit)
                    .isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "a", "a.b", "..", "a.b.c", "\u0000.\u0000"})
    void aTextThatIsNoTokenDoesNotOpen(String text) {
        assertThat(new MediaUrls(BASE, List.of(NEW)).open(text, NOW)).isEmpty();
    }

    @Test
    void aLongTextDoesNotOpen() {
        assertThat(new MediaUrls(BASE, List.of(NEW)).open("a".repeat(1_000_000) + ".b", NOW))
                .isEmpty();
    }

    @Test
    void theLongestTokenOpens() {
        MediaUrls urls = new MediaUrls(BASE, List.of(NEW));
        var longest = new ContentDisposition(
                "attachment; filename=\"" + "a".repeat(ContentDisposition.LENGTH_MAX - 23) + "\"");
        ObjectKey key = ObjectKey.ofRoom(Keys.AC, Keys.RM, Keys.RT, MediaFormat.WEBM);
        String token = urls.sign(key, Instant.ofEpochSecond(99_999_999_999L), longest)
                .getPath()
                .substring("/media/".length());
        assertThat(urls.open(token, NOW)).isPresent();
    }

    @Test
    void secretsAreRotated() {
        String old = token(new MediaUrls(BASE, List.of(OLD)));
        MediaUrls both = new MediaUrls(BASE, List.of(NEW, OLD));
        assertThat(both.open(old, NOW)).isPresent();
        assertThat(new MediaUrls(BASE, List.of(NEW)).open(old, NOW)).isEmpty();
        assertThat(new MediaUrls(BASE, List.of(NEW)).open(token(both), NOW)).isPresent();
    }

    @Test
    void aShortSecretIsRefused() {
        assertThatThrownBy(() -> new MediaUrls(BASE, List.of(new byte[31])))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
