package org.rotunda.gateway.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpCharsets;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.MediaTypes;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.jspecify.annotations.Nullable;
import org.rotunda.gateway.rest.ApiFault;

/**
 * The OpenAPI document of the REST API, and the page on which people browse it and try requests. The page is Swagger UI;
 * its files come with the build. The files are read once from the class path. Immutable.
 */
final class ApiPages {
    private static final String FOLDER = "/org/rotunda/gateway/openapi/";
    private static final String WEBJAR = "META-INF/maven/org.webjars/swagger-ui/pom.properties";
    private static final ContentType YAML =
            MediaTypes.applicationWithOpenCharset("yaml", "yaml").toContentType(HttpCharsets.UTF_8);
    private static final ContentType SCRIPT = MediaTypes.APPLICATION_JAVASCRIPT.toContentType(HttpCharsets.UTF_8);
    private static final ContentType STYLE = MediaTypes.TEXT_CSS.toContentType(HttpCharsets.UTF_8);

    /** The page loads nothing from other hosts. Swagger UI writes styles and small images into the page itself. */
    private static final String CONTENT_SECURITY_POLICY = String.join(
            "; ",
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data:",
            "connect-src 'self'",
            "base-uri 'none'",
            "form-action 'none'",
            "frame-ancestors 'none'");

    private static final List<HttpHeader> HEADERS = List.of(
            RawHeader.create("Content-Security-Policy", CONTENT_SECURITY_POLICY),
            RawHeader.create("X-Content-Type-Options", "nosniff"),
            RawHeader.create("X-Frame-Options", "DENY"),
            RawHeader.create("Referrer-Policy", "no-referrer"));

    private final StaticFile document;
    private final StaticFile page;
    private final Map<String, StaticFile> files;

    private ApiPages(StaticFile document, StaticFile page, Map<String, StaticFile> files) {
        this.document = document;
        this.page = page;
        this.files = files;
    }

    /** Reads the files at the first call, so it must not run on the actor dispatcher. */
    static ApiPages load() {
        return Loaded.PAGES;
    }

    /** The pages of this process. The largest file has 1.5 MB, and compressing it takes a while. */
    private static final class Loaded {
        private static final ApiPages PAGES = readAll();
    }

    private static ApiPages readAll() {
        String library = "/META-INF/resources/webjars/swagger-ui/" + webjarVersion() + "/";
        return new ApiPages(
                read(FOLDER + "openapi.yaml", YAML),
                read(FOLDER + "index.html", ContentTypes.TEXT_HTML_UTF8),
                Map.of(
                        "start.js", read(FOLDER + "start.js", SCRIPT),
                        "swagger-ui.css", read(library + "swagger-ui.css", STYLE),
                        "swagger-ui-bundle.js", read(library + "swagger-ui-bundle.js", SCRIPT)));
    }

    /** Returns the version of Swagger UI, which is part of the paths of its files. */
    private static String webjarVersion() {
        Properties properties = new Properties();
        try (InputStream in = ApiPages.class.getResourceAsStream("/" + WEBJAR)) {
            properties.load(required(in, WEBJAR));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return properties.getProperty("version", "");
    }

    private static StaticFile read(String path, ContentType type) {
        try (InputStream in = ApiPages.class.getResourceAsStream(path)) {
            return StaticFile.of(type, required(in, path).readAllBytes(), HEADERS);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static InputStream required(@Nullable InputStream in, String path) {
        if (in == null) {
            throw new IllegalStateException("the build lacks the file " + path);
        }
        return in;
    }

    HttpResponse document(HttpRequest request) {
        return document.answer(request);
    }

    HttpResponse page(HttpRequest request) {
        return page.answer(request);
    }

    /** @param path the path for the error text if there is no such file */
    HttpResponse file(HttpRequest request, String name, String path) {
        StaticFile file = files.get(name);
        if (file == null) {
            throw ApiFault.notFound(path);
        }
        return file.answer(request);
    }
}
