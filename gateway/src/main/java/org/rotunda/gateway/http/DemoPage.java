package org.rotunda.gateway.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.zip.GZIPOutputStream;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpCharsets;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.MediaTypes;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.rotunda.gateway.rest.ApiFault;

/**
 * The demo page and its assets. The files are read once from the class path and are kept plain and compressed.
 * Immutable.
 */
final class DemoPage {
    private static final String FOLDER = "/org/rotunda/gateway/page/";
    private static final ContentType SCRIPT = MediaTypes.APPLICATION_JAVASCRIPT.toContentType(HttpCharsets.UTF_8);
    private static final Map<String, ContentType> FILES = Map.of(
            "index.html",
            ContentTypes.TEXT_HTML_UTF8,
            "before-sdk.js",
            SCRIPT,
            "twilio-video.min.js",
            SCRIPT,
            "page.js",
            SCRIPT,
            "page.css",
            MediaTypes.TEXT_CSS.toContentType(HttpCharsets.UTF_8),
            "icon.svg",
            MediaTypes.IMAGE_SVG_XML.toContentType());

    /**
     * The page loads nothing from other hosts and has no inline script or style. {@code 'self'} in connect-src covers
     * the WebSocket of the same host and port (CSP 3, section 6.7.2.8).
     */
    private static final String CONTENT_SECURITY_POLICY = String.join(
            "; ",
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "img-src 'self'",
            "media-src 'self' blob: mediastream:",
            "connect-src 'self'",
            "base-uri 'none'",
            "form-action 'none'",
            "frame-ancestors 'none'");

    /** The headers of every answer about a file, including 304. */
    private static final List<HttpHeader> HEADERS = List.of(
            RawHeader.create("Content-Security-Policy", CONTENT_SECURITY_POLICY),
            RawHeader.create("X-Content-Type-Options", "nosniff"),
            RawHeader.create("X-Frame-Options", "DENY"),
            // The URL of the page contains the name of the room.
            RawHeader.create("Referrer-Policy", "no-referrer"),
            // Browsers keep the file, but ask each time whether its ETag has changed.
            RawHeader.create("Cache-Control", "no-cache"),
            RawHeader.create("Vary", "Accept-Encoding"));

    private static final Pattern ENTITY_TAG = Pattern.compile("\"[^\"]*\"");
    private static final Pattern NO_QUALITY = Pattern.compile("q=0(\\.0*)?");

    private final boolean isOn;
    private final Map<String, File> files;

    private DemoPage(boolean isOn, Map<String, File> files) {
        this.isOn = isOn;
        this.files = files;
    }

    /**
     * Reads the files of the page, so it must not run on the actor dispatcher. Files that are missing on the class path
     * are left out.
     */
    static DemoPage load() {
        Map<String, File> files = new HashMap<>();
        FILES.forEach((name, type) -> {
            try (InputStream in = DemoPage.class.getResourceAsStream(FOLDER + name)) {
                if (in != null) {
                    files.put(name, File.of(type, in.readAllBytes()));
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        return new DemoPage(true, Map.copyOf(files));
    }

    /** Returns a page that is switched off. It answers every request with 404 and an explanation. */
    static DemoPage off() {
        return new DemoPage(false, Map.of());
    }

    HttpResponse index(HttpRequest request) {
        return asset(request, "index.html", "/");
    }

    HttpResponse asset(HttpRequest request, String name, String path) {
        if (!isOn) {
            throw ApiFault.of(404, 20404, "The demo page is off on this server (rotunda.http.demo-page)");
        }
        File file = files.get(name);
        if (file == null) {
            throw ApiFault.notFound(path);
        }
        return file.answer(request);
    }

    /** A file in its plain and in its compressed form. */
    private record File(ContentType type, Form plain, Form compressed) {

        static File of(ContentType type, byte[] content) {
            String hash = hash(content);
            return new File(type, new Form(content, '"' + hash + '"'), new Form(gzip(content), '"' + hash + "-gzip\""));
        }

        HttpResponse answer(HttpRequest request) {
            boolean isCompressed = acceptsGzip(header(request, "Accept-Encoding"));
            Form form = isCompressed ? compressed : plain;
            HttpResponse response =
                    HttpResponse.create().addHeaders(HEADERS).addHeader(RawHeader.create("ETag", form.entityTag()));
            if (matches(header(request, "If-None-Match"), form.entityTag())) {
                return response.withStatus(StatusCodes.NOT_MODIFIED);
            }
            HttpResponse full = response.withEntity(type, form.content());
            return isCompressed ? full.addHeader(RawHeader.create("Content-Encoding", "gzip")) : full;
        }
    }

    /** The content of a file, plain or compressed. Each form needs its own ETag (RFC 9110, 8.8.3.3). */
    @SuppressWarnings("ArrayRecordComponent") // Records of this class are never compared, and nobody changes the array.
    private record Form(byte[] content, String entityTag) {}

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
