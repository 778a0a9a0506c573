package org.rotunda.gateway.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.zip.GZIPOutputStream;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;

/**
 * A file in memory, in its plain and in its compressed form. Immutable.
 *
 * @param headers the headers of every answer about the file, including 304
 */
record StaticFile(ContentType type, Form plain, Form compressed, List<HttpHeader> headers) {
    private static final List<HttpHeader> CACHING = List.of(
            // Browsers keep the file, but ask each time whether its ETag has changed.
            RawHeader.create("Cache-Control", "no-cache"), RawHeader.create("Vary", "Accept-Encoding"));

    private static final Pattern ENTITY_TAG = Pattern.compile("\"[^\"]*\"");
    private static final Pattern NO_QUALITY = Pattern.compile("q=0(\\.0*)?");

    static StaticFile of(ContentType type, byte[] content, List<HttpHeader> headers) {
        String hash = hash(content);
        return new StaticFile(
                type,
                new Form(content, '"' + hash + '"'),
                new Form(gzip(content), '"' + hash + "-gzip\""),
                List.copyOf(headers));
    }

    HttpResponse answer(HttpRequest request) {
        boolean isCompressed = acceptsGzip(header(request, "Accept-Encoding"));
        Form form = isCompressed ? compressed : plain;
        HttpResponse response = HttpResponse.create()
                .addHeaders(headers)
                .addHeaders(CACHING)
                .addHeader(RawHeader.create("ETag", form.entityTag()));
        if (matches(header(request, "If-None-Match"), form.entityTag())) {
            return response.withStatus(StatusCodes.NOT_MODIFIED);
        }
        HttpResponse full = response.withEntity(type, form.content());
        return isCompressed ? full.addHeader(RawHeader.create("Content-Encoding", "gzip")) : full;
    }

    /** The content of a file, plain or compressed. Each form needs its own ETag (RFC 9110, 8.8.3.3). */
    @SuppressWarnings("ArrayRecordComponent") // Records of this class are never compared, and nobody changes the array.
    record Form(byte[] content, String entityTag) {}

    private static String header(HttpRequest request, String name) {
        return request.getHeader(name).map(HttpHeader::value).orElse("");
    }

    /** Returns whether If-None-Match contains this ETag, by the weak comparison of RFC 9110, 13.1.2. */
    private static boolean matches(String ifNoneMatch, String entityTag) {
        return ifNoneMatch.strip().equals("*")
                || ENTITY_TAG
                        .matcher(ifNoneMatch)
                        .results()
                        .map(MatchResult::group)
                        .anyMatch(entityTag::equals);
    }

    /**
     * Returns whether Accept-Encoding lists gzip with a quality above 0 (RFC 9110, 12.5.3). The coding {@code *} stands
     * for all codings that the header does not list.
     */
    private static boolean acceptsGzip(String acceptEncoding) {
        boolean accepts = false;
        for (String range : acceptEncoding.split(",", -1)) {
            List<String> parts = new ArrayList<>();
            Arrays.stream(range.split(";", -1)).map(String::strip).forEach(parts::add);
            String coding = parts.get(0);
            boolean isExcluded = parts.stream()
                    .skip(1)
                    .anyMatch(part -> NO_QUALITY.matcher(part).matches());
            if (coding.equalsIgnoreCase("gzip")) {
                return !isExcluded;
            }
            accepts |= coding.equals("*") && !isExcluded;
        }
        return accepts;
    }

    private static byte[] gzip(byte[] content) {
        ByteArrayOutputStream compressed = new ByteArrayOutputStream(content.length / 2);
        try (GZIPOutputStream out = new GZIPOutputStream(compressed)) {
            out.write(content);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // Writing to memory does not fail.
        }
        return compressed.toByteArray();
    }

    private static String hash(byte[] content) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(content);
            return HexFormat.of().formatHex(digest, 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // Every Java platform has SHA-256.
        }
    }
}
