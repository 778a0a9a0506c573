package org.rotunda.record.store;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.rotunda.record.store.MediaUrls.Permit;
import org.rotunda.record.store.RangeHeader.Wanted;

/**
 * Describes the answer to a request for a media URL. The server that holds the socket sends it, and streams the bytes.
 *
 * @param status the HTTP status
 * @param headers the headers, without those that every answer of the server has
 * @param body the bytes of the object that follow; nothing if the answer has no body
 */
public record MediaAnswer(int status, Map<String, String> headers, Optional<ByteRange> body) {
    private static final int OK = 200;
    private static final int PARTIAL_CONTENT = 206;
    private static final int NOT_MODIFIED = 304;
    private static final int FORBIDDEN = 403;
    private static final int NOT_FOUND = 404;
    private static final int METHOD_NOT_ALLOWED = 405;
    private static final int RANGE_NOT_SATISFIABLE = 416;

    private static final String GET = "GET";
    private static final String HEAD = "HEAD";
    private static final int ETAG_CHARS = 32;

    public MediaAnswer {
        headers = Map.copyOf(headers);
    }

    /**
     * The parts of a request that matter.
     *
     * @param method the method, in upper case
     * @param range the Range header
     * @param ifRange the If-Range header
     * @param ifNoneMatch the If-None-Match header
     */
    public record Request(
            String method, Optional<String> range, Optional<String> ifRange, Optional<String> ifNoneMatch) {}

    /**
     * Returns the answer to a request whose token does not open, or whose method is not supported. Returns nothing if
     * the store must be asked for the object, see {@link #of}.
     */
    public static Optional<MediaAnswer> refusal(Request request, Optional<Permit> permit) {
        if (!request.method().equals(GET) && !request.method().equals(HEAD)) {
            return Optional.of(empty(METHOD_NOT_ALLOWED, Map.of("Allow", "GET, HEAD")));
        }
        return permit.isPresent() ? Optional.empty() : Optional.of(empty(FORBIDDEN, Map.of()));
    }

    /**
     * Returns the answer to a request that has not been refused.
     *
     * @param object the object, or nothing if it does not exist any more
     */
    public static MediaAnswer of(Request request, Permit permit, Optional<StoredObject> object, Instant now) {
        if (object.isEmpty()) {
            return empty(NOT_FOUND, Map.of());
        }
        StoredObject found = object.orElseThrow();
        String etag = '"' + found.sha256().substring(0, ETAG_CHARS) + '"';
        Map<String, String> headers = common(permit, found, etag, now);
        if (request.ifNoneMatch()
                .map(value -> value.contains(etag) || value.trim().equals("*"))
                .orElse(false)) {
            return new MediaAnswer(NOT_MODIFIED, headers, Optional.empty());
        }
        boolean isGet = request.method().equals(GET);
        // A range is defined for GET only, and one of another version of the object is of no use (RFC 9110, 13.1.5,
        // 14.2).
        boolean takesRange = isGet && request.ifRange().map(etag::equals).orElse(true);
        Wanted wanted = RangeHeader.wanted(takesRange ? request.range() : Optional.empty(), found.lengthBytes());
        if (wanted instanceof Wanted.Unsatisfiable) {
            return empty(RANGE_NOT_SATISFIABLE, Map.of("Content-Range", "bytes */" + found.lengthBytes()));
        }
        describe(permit, found, headers);
        if (wanted instanceof Wanted.Part part) {
            ByteRange range = part.range();
            headers.put("Content-Length", Long.toString(range.lengthBytes()));
            headers.put("Content-Range", "bytes " + range.first() + "-" + range.last() + "/" + found.lengthBytes());
            return new MediaAnswer(PARTIAL_CONTENT, headers, Optional.of(range));
        }
        headers.put("Content-Length", Long.toString(found.lengthBytes()));
        boolean hasBody = isGet && found.lengthBytes() > 0;
        return new MediaAnswer(
                OK, headers, hasBody ? Optional.of(new ByteRange(0, found.lengthBytes())) : Optional.empty());
    }

    private static Map<String, String> common(Permit permit, StoredObject object, String etag, Instant now) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("ETag", etag);
        headers.put("Accept-Ranges", "bytes");
        headers.put(
                "Cache-Control",
                "private, max-age=" + Duration.between(now, permit.expiresAt()).toSeconds());
        // Pages of applications play and fetch media. The URL is the permission, so any page that has it may.
        headers.put("Access-Control-Allow-Origin", "*");
        headers.put(
                "Access-Control-Expose-Headers",
                object.encryption()
                        .map(encryption -> "Content-Range, ETag, "
                                + String.join(
                                        ", ",
                                        encryption.headers().keySet().stream()
                                                .sorted()
                                                .toList()))
                        .orElse("Content-Range, ETag"));
        return headers;
    }

    private static void describe(Permit permit, StoredObject object, Map<String, String> headers) {
        headers.put("Content-Type", permit.key().format().contentType());
        headers.put("Content-Disposition", permit.disposition().value());
        headers.put("X-Content-Type-Options", "nosniff");
        object.encryption().ifPresent(encryption -> headers.putAll(encryption.headers()));
    }

    private static MediaAnswer empty(int status, Map<String, String> headers) {
        return new MediaAnswer(status, headers, Optional.empty());
    }
}
