package org.rotunda.record.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.rotunda.record.store.MediaAnswer.Request;
import org.rotunda.record.store.MediaUrls.Permit;

/** Tests the answers to requests for media URLs (recording.md, row 16 of the bad input). */
class MediaAnswerTest {
    private static final Instant NOW = Instant.parse("2026-05-01T12:00:00Z");
    private static final Permit PERMIT =
            new Permit(Keys.RECORDING, NOW.plusSeconds(60), ContentDisposition.attachmentOf(Keys.RECORDING));
    private static final String ETAG = '"' + "0f".repeat(16) + '"';

    private static StoredObject object(long length) {
        return new StoredObject(length, "0f".repeat(32), "1e".repeat(32), Optional.empty());
    }

    private static Request get(String range) {
        return new Request("GET", Optional.of(range), Optional.empty(), Optional.empty());
    }

    private static MediaAnswer answer(Request request, long length) {
        return MediaAnswer.of(request, PERMIT, Optional.of(object(length)), NOW);
    }

    private static Request plain(String method) {
        return new Request(method, Optional.empty(), Optional.empty(), Optional.empty());
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "get", ""})
    void anotherMethodIsRefused(String method) {
        MediaAnswer answer =
                MediaAnswer.refusal(plain(method), Optional.of(PERMIT)).orElseThrow();
        assertThat(answer.status()).isEqualTo(405);
        assertThat(answer.headers()).containsEntry("Allow", "GET, HEAD");
    }

    @Test
    void aTokenThatDoesNotOpenIsForbidden() {
        assertThat(MediaAnswer.refusal(plain("GET"), Optional.empty())
                        .orElseThrow()
                        .status())
                .isEqualTo(403);
        assertThat(MediaAnswer.refusal(plain("GET"), Optional.of(PERMIT))).isEmpty();
    }

    @Test
    void aDeletedObjectIsNotFound() {
        assertThat(MediaAnswer.of(plain("GET"), PERMIT, Optional.empty(), NOW).status())
                .isEqualTo(404);
    }

    @Test
    void theWholeObjectIsSent() {
        MediaAnswer answer = answer(plain("GET"), 1_000);
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body()).contains(new ByteRange(0, 1_000));
        assertThat(answer.headers())
                .containsEntry("Content-Length", "1000")
                .containsEntry("Content-Type", "video/x-matroska")
                .containsEntry("Content-Disposition", "attachment; filename=\"" + Keys.RT + ".mkv\"")
                .containsEntry("Accept-Ranges", "bytes")
                .containsEntry("ETag", ETAG)
                .containsEntry("Access-Control-Allow-Origin", "*")
                .containsEntry("Cache-Control", "private, max-age=60")
                .doesNotContainKey("Content-Range");
    }

    @Test
    void aHeadRequestHasTheHeadersAndNoBody() {
        MediaAnswer answer =
                answer(new Request("HEAD", Optional.of("bytes=0-1"), Optional.empty(), Optional.empty()), 1_000);
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body()).isEmpty();
        assertThat(answer.headers()).isEqualTo(answer(plain("GET"), 1_000).headers());
    }

    @ParameterizedTest
    @CsvSource({
        "bytes=0-0, 0, 0",
        "bytes=0-, 0, 999",
        "bytes=500-, 500, 999",
        "bytes=999-, 999, 999",
        "bytes=10-19, 10, 19",
        "bytes=10-5000, 10, 999",
        "bytes=-1, 999, 999",
        "bytes=-5000, 0, 999",
        "BYTES= 1-2, 1, 2",
    })
    void aRangeIsSent(String header, long first, long last) {
        MediaAnswer answer = answer(get(header), 1_000);
        assertThat(answer.status()).isEqualTo(206);
        assertThat(answer.body()).contains(new ByteRange(first, last - first + 1));
        assertThat(answer.headers())
                .containsEntry("Content-Range", "bytes " + first + "-" + last + "/1000")
                .containsEntry("Content-Length", Long.toString(last - first + 1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"bytes=1000-", "bytes=1000-1001", "bytes=5000-6000", "bytes=-0"})
    void aRangeBeyondTheEndIsNotSatisfiable(String header) {
        MediaAnswer answer = answer(get(header), 1_000);
        assertThat(answer.status()).isEqualTo(416);
        assertThat(answer.headers()).containsEntry("Content-Range", "bytes */1000");
        assertThat(answer.body()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "bytes",
                "bytes=",
                "bytes=-",
                "bytes=5-4",
                "bytes=a-b",
                "bytes=1-2-3",
                "items=0-1",
                "bytes=0-1,3-4",
                "bytes=99999999999999999999-",
                "bytes=\u0661-\u0662"
            })
    void aHeaderThatIsNoSingleRangeAsksForTheWhole(String header) {
        assertThat(answer(get(header), 1_000).status()).isEqualTo(200);
    }

    @Test
    void aHundredRangesAskForTheWhole() {
        String header = IntStream.range(0, 100)
                .mapToObj(i -> 2 * i + "-" + 2 * i)
                .collect(Collectors.joining(",", "bytes=", ""));
        assertThat(answer(get(header), 1_000).body()).contains(new ByteRange(0, 1_000));
    }

    @Test
    void anEmptyObjectHasNoRange() {
        assertThat(answer(plain("GET"), 0).status()).isEqualTo(200);
        assertThat(answer(plain("GET"), 0).body()).isEmpty();
        assertThat(answer(get("bytes=0-"), 0).status()).isEqualTo(416);
        assertThat(answer(get("bytes=-5"), 0).status()).isEqualTo(416);
    }

    @Test
    void aRangeOfAnotherVersionIsNotSent() {
        Optional<String> range = Optional.of("bytes=0-1");
        Optional<String> none = Optional.empty();
        assertThat(answer(new Request("GET", range, Optional.of(ETAG), none), 9).status())
                .isEqualTo(206);
        assertThat(answer(new Request("GET", range, Optional.of("\"x\""), none), 9)
                        .status())
                .isEqualTo(200);
        assertThat(answer(new Request("GET", range, Optional.of("W/" + ETAG), none), 9)
                        .status())
                .isEqualTo(200);
    }

    @Test
    void aKnownVersionIsNotSentAgain() {
        Request request = new Request("GET", Optional.empty(), Optional.empty(), Optional.of("\"x\", " + ETAG));
        MediaAnswer answer = answer(request, 9);
        assertThat(answer.status()).isEqualTo(304);
        assertThat(answer.body()).isEmpty();
    }

    @Test
    void anEncryptedObjectIsSentWithItsKey() {
        var encrypted = new StoredObject(
                16, "0f".repeat(32), "1e".repeat(32), Optional.of(new EncryptionHeaders("a2V5", "aXY=")));
        assertThat(MediaAnswer.of(plain("GET"), PERMIT, Optional.of(encrypted), NOW)
                        .headers())
                .containsEntry("x-amz-meta-x-amz-key", "a2V5")
                .containsEntry("x-amz-meta-x-amz-iv", "aXY=")
                .containsEntry(
                        "Access-Control-Expose-Headers",
                        "Content-Range, ETag, x-amz-meta-x-amz-iv, x-amz-meta-x-amz-key");
    }
}
