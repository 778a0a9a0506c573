package org.rotunda.gateway.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpCharsets;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.MediaTypes;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.rotunda.gateway.rest.ApiFault;

/** The demo page and its assets, read once from the class path, where the build has put them. Immutable. */
final class Page {
    private static final String FOLDER = "/org/rotunda/gateway/page/";
    private static final ContentType SCRIPT = MediaTypes.APPLICATION_JAVASCRIPT.toContentType(HttpCharsets.UTF_8);
    private static final Map<String, ContentType> FILES = Map.of(
            "index.html",
            ContentTypes.TEXT_HTML_UTF8,
            "page.js",
            SCRIPT,
            "page.css",
            MediaTypes.TEXT_CSS.toContentType(HttpCharsets.UTF_8),
            "twilio-video.min.js",
            SCRIPT);

    private final Map<String, HttpResponse> responses;

    private Page(Map<String, HttpResponse> responses) {
        this.responses = responses;
    }

    /** Reads files: not for the actor dispatcher. A file that the build has not made is not found later. */
    static Page load() {
        Map<String, HttpResponse> responses = new HashMap<>();
        FILES.forEach((name, type) -> {
            try (InputStream in = Page.class.getResourceAsStream(FOLDER + name)) {
                if (in != null) {
                    responses.put(
                            name,
                            HttpResponse.create()
                                    .withEntity(type, in.readAllBytes())
                                    .addHeader(RawHeader.create("Cache-Control", "no-cache")));
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        return new Page(Map.copyOf(responses));
    }

    HttpResponse index() {
        return asset("index.html", "/");
    }

    HttpResponse asset(String name, String path) {
        HttpResponse response = responses.get(name);
        if (response == null) {
            throw ApiFault.notFound(path);
        }
        return response;
    }
}
