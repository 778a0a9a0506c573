package org.rotunda.gateway.http;

import java.time.Clock;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.random.RandomGenerator;
import org.apache.pekko.http.javadsl.model.AttributeKeys;
import org.apache.pekko.http.javadsl.model.HttpMethod;
import org.apache.pekko.http.javadsl.model.HttpMethods;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.http.javadsl.model.ws.WebSocketUpgrade;
import org.apache.pekko.stream.Materializer;
import org.jspecify.annotations.Nullable;
import org.rotunda.gateway.auth.Accounts;
import org.rotunda.gateway.connection.GatewayStatistics;
import org.rotunda.gateway.connection.SignalingFlow;
import org.rotunda.room.Rooms;
import org.rotunda.room.readmodel.RoomQueries;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Everything a node answers on its HTTP port. Each answer carries the headers for pages of other origins and a request id, which is
 * also in the log. Safe to call from any thread.
 */
public final class HttpRoutes {
    private static final Logger LOG = LoggerFactory.getLogger(HttpRoutes.class);
    private static final int REQUEST_ID_BYTES = 16;

    private final SignalingFlow signaling;
    private final VideoApi api;
    private final @Nullable DevTokens devTokens;
    private final DemoPage demoPage;
    private final GatewayStatistics statistics;
    private final RandomGenerator random;
    private final Materializer materializer;

    /** Reads the files of the page: not for the actor dispatcher. */
    public HttpRoutes(
            HttpSettings settings,
            Accounts accounts,
            Rooms rooms,
            RoomQueries queries,
            SignalingFlow signaling,
            Clock clock,
            GatewayStatistics statistics,
            RandomGenerator random,
            Materializer materializer) {
        this.signaling = signaling;
        this.api = new VideoApi(accounts, rooms, queries, new Forms(settings.formBytesMax(), materializer), settings);
        this.devTokens = settings.devToken() ? new DevTokens(accounts, clock) : null;
        this.demoPage = settings.demoPage() ? DemoPage.load() : DemoPage.off();
        this.statistics = statistics;
        this.random = random;
        this.materializer = materializer;
    }

    public CompletionStage<HttpResponse> handle(HttpRequest request) {
        String requestId = requestId();
        String path = pathWithoutVersion(request);
        CompletionStage<HttpResponse> answer;
        try {
            answer = route(request, path);
        } catch (RuntimeException e) { // A refusal on the spot counts like one that comes later.
            request.discardEntityBytes(materializer); // A body that nobody reads would hold up the connection.
            answer = CompletableFuture.failedFuture(e);
        }
        return answer.exceptionally(failure -> {
                    ApiFault fault = Failures.faultOf(failure, path);
                    if (fault == null) {
                        LOG.atError()
                                .addKeyValue("request", requestId)
                                .setCause(failure)
                                .log("{} {} failed", request.method().name(), path);
                    }
                    return Responses.error(fault == null ? ApiFault.internal() : fault);
                })
                .thenApply(response -> {
                    if (response.status().intValue() >= 500) {
                        statistics.onRestError();
                    }
                    LOG.atInfo()
                            .addKeyValue("request", requestId)
                            .addKeyValue("status", response.status().intValue())
                            .log("{} {}", request.method().name(), path);
                    return response.addHeaders(Responses.CORS)
                            .addHeader(RawHeader.create("Twilio-Request-Id", requestId));
                });
    }

    private CompletionStage<HttpResponse> route(HttpRequest request, String path) {
        if (request.method().equals(HttpMethods.OPTIONS)) {
            return CompletableFuture.completedFuture(Responses.preflight());
        }
        List<String> segments = new ArrayList<>();
        request.getUri().pathSegments().forEach(segments::add);
        String first = segments.isEmpty() ? "" : segments.get(0);
        if (first.equals("v1") || first.equals("2010-04-01")) {
            statistics.onRestRequest();
            return first.equals("v1")
                    ? api.handle(request, VideoApi.tail(segments), path)
                    : api.handle(request, List.of("Video"), path); // Account resources are not there yet.
        }
        HttpMethod method = request.method();
        if (!method.equals(HttpMethods.GET) && !method.equals(HttpMethods.HEAD)) {
            throw isKnown(first, segments.size()) ? ApiFault.methodNotAllowed() : ApiFault.notFound(path);
        }
        if (first.equals("signaling") && segments.size() == 1) {
            return openSignaling(request);
        }
        if (segments.equals(List.of("dev", "token")) && devTokens != null) {
            return CompletableFuture.completedFuture(devTokens.handle(request));
        }
        if (first.equals("assets") && segments.size() == 2) {
            return CompletableFuture.completedFuture(demoPage.asset(request, segments.get(1), path));
        }
        if (segments.isEmpty()) {
            return CompletableFuture.completedFuture(demoPage.index(request));
        }
        throw ApiFault.notFound(path);
    }

    private static boolean isKnown(String first, int depth) {
        return depth == 0 || first.equals("signaling") || first.equals("assets");
    }

    private CompletionStage<HttpResponse> openSignaling(HttpRequest request) {
        WebSocketUpgrade upgrade = request.getAttribute(AttributeKeys.webSocketUpgrade)
                .orElseThrow(() -> ApiFault.of(426, 20001, "Expected a WebSocket request"));
        return signaling.open().thenApply(upgrade::handleMessagesWith);
    }

    private String requestId() {
        byte[] bytes = new byte[REQUEST_ID_BYTES];
        random.nextBytes(bytes);
        return "RQ" + HexFormat.of().formatHex(bytes);
    }

    /** As error texts name resources: no version, no slash at the end. */
    private static String pathWithoutVersion(HttpRequest request) {
        String path = request.getUri().path();
        if (path.startsWith("/v1/")) {
            path = path.substring("/v1".length());
        }
        return path.length() > 1 && path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    }
}
