package org.rotunda.k8s;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * An imitation of the API server of Kubernetes that keeps objects in memory and answers over TLS: one object by its
 * name, or those of a collection that a label selector matches. It shows a certificate of an authority of its own, and
 * asks for a token. The folder of credentials has what Kubernetes mounts into a pod.
 */
final class MockApi implements AutoCloseable {
    private static final String TOKEN = "token-of-the-test";

    private final Map<String, JsonObject> objects = new ConcurrentSkipListMap<>(); // By path.
    private final Map<String, Integer> refusals = new ConcurrentHashMap<>(); // Part of a path, and the status.
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final HttpsServer server;
    private final Path credentials;

    MockApi(Path folder) throws IOException {
        this(folder, 0);
    }

    /** Listens on a port of 127.0.0.1; on a free one if it is 0. */
    MockApi(Path folder, int port) throws IOException {
        credentials = Files.createDirectories(folder);
        TestCertificates certificates = new TestCertificates();
        Files.writeString(credentials.resolve("ca.crt"), certificates.authorityPem());
        Files.writeString(credentials.resolve("token"), TOKEN);
        Files.writeString(credentials.resolve("namespace"), "rotunda");
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(certificates.server()));
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
    }

    Path credentials() {
        return credentials;
    }

    String url() {
        return "https://127.0.0.1:" + server.getAddress().getPort();
    }

    /** Answers all questions with this text in their path with a status from now on; 0 answers as usual. */
    void refuse(String path, int status) {
        refusals.put(path, status);
    }

    /** Stores an object; replaces the one of the same name. */
    void put(String path, String name, String json) {
        objects.put(path + "/" + name, JsonParser.parseString(json).getAsJsonObject());
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            URI uri = exchange.getRequestURI();
            String path = uri.getPath();
            int status = refusals.entrySet().stream()
                    .filter(refusal -> path.contains(refusal.getKey()))
                    .mapToInt(Map.Entry::getValue)
                    .max()
                    .orElse(0);
            if (status == 0
                    && !("Bearer " + TOKEN).equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
                status = 401;
            }
            byte[] body = {};
            if (status == 0) {
                String query = uri.getQuery();
                JsonObject object = path.endsWith("/pods") ? list(path, query == null ? "" : query) : objects.get(path);
                status = object == null ? 404 : 200;
                body = (object == null ? "{}" : object.toString()).getBytes(StandardCharsets.UTF_8);
            }
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
            if (body.length > 0) {
                exchange.getResponseBody().write(body);
            }
        }
    }

    private JsonObject list(String path, String query) {
        String selector = query.replaceFirst(".*labelSelector=", "").replaceFirst("&.*", "");
        JsonArray items = new JsonArray();
        objects.forEach((name, object) -> {
            if (name.startsWith(path + "/") && matches(object, selector)) {
                items.add(object);
            }
        });
        JsonObject list = new JsonObject();
        list.addProperty("apiVersion", "v1");
        list.addProperty("kind", "PodList");
        list.add("items", items);
        return list;
    }

    private static boolean matches(JsonObject object, String selector) {
        JsonObject labels = object.getAsJsonObject("metadata").getAsJsonObject("labels");
        return Arrays.stream(selector.split(",", -1)).allMatch(term -> {
            int equals = term.indexOf('=');
            return equals > 0
                    && labels.has(term.substring(0, equals))
                    && labels.get(term.substring(0, equals)).getAsString().equals(term.substring(equals + 1));
        });
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
