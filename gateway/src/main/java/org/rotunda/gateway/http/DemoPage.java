package org.rotunda.gateway.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpCharsets;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.MediaTypes;
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

    /** The headers of every answer about a file, besides those of {@link StaticFile}. */
    private static final List<HttpHeader> HEADERS = List.of(
            RawHeader.create("Content-Security-Policy", CONTENT_SECURITY_POLICY),
            RawHeader.create("X-Content-Type-Options", "nosniff"),
            RawHeader.create("X-Frame-Options", "DENY"),
            // The URL of the page contains the name of the room.
            RawHeader.create("Referrer-Policy", "no-referrer"));

    private final boolean isOn;
    private final Map<String, StaticFile> files;

    private DemoPage(boolean isOn, Map<String, StaticFile> files) {
        this.isOn = isOn;
        this.files = files;
    }

    /**
     * Reads the files of the page, so it must not run on the actor dispatcher. Files that are missing on the class path
     * are left out.
     */
    static DemoPage load() {
        Map<String, StaticFile> files = new HashMap<>();
        FILES.forEach((name, type) -> {
            try (InputStream in = DemoPage.class.getResourceAsStream(FOLDER + name)) {
                if (in != null) {
                    files.put(name, StaticFile.of(type, in.readAllBytes(), HEADERS));
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
        StaticFile file = files.get(name);
        if (file == null) {
            throw ApiFault.notFound(path);
        }
        return file.answer(request);
    }
}
