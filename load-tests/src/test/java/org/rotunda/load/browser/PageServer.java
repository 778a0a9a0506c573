package org.rotunda.load.browser;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * Serves the test page and the stock SDK from an origin other than the product's, as an application's own web server
 * does.
 */
final class PageServer implements AutoCloseable {
    private static final Map<String, String> RESOURCES = Map.of(
            "/",
            "/browser/index.html",
            "/hooks.js",
            "/browser/hooks.js",
            "/call.js",
            "/browser/call.js",
            "/move.js",
            "/browser/move.js",
            "/turn.js",
            "/browser/turn.js",
            "/quality.js",
            "/browser/quality.js");
    /**
     * The SDK's build that is not minified, so that its error classes have their names. The system property {@code
     * rotunda.browser.sdk} names another build, for tests of other versions of the SDK.
     */
    private static final Path SDK = Path.of(System.getProperty(
            "rotunda.browser.sdk", "../gateway/src/main/frontend/node_modules/twilio-video/dist/twilio-video.js"));

    private final HttpServer server;

    PageServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", PageServer::serve);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/";
    }

    private static void serve(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        String resource = RESOURCES.get(path);
        try (exchange;
                InputStream content = path.equals("/twilio-video.js")
                        ? Files.newInputStream(SDK)
                        : resource == null ? null : PageServer.class.getResourceAsStream(resource)) {
            if (content == null) {
                exchange.sendResponseHeaders(404, -1);
                return;
            }
            byte[] body = content.readAllBytes();
            exchange.getResponseHeaders()
                    .set("Content-Type", path.endsWith(".js") ? "text/javascript" : "text/html; charset=utf-8");
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
