package org.rotunda.gateway.http;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
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
import org.rotunda.gateway.connection.SocketOrigin;
import org.rotunda.gateway.insights.InsightsFlow;
import org.rotunda.gateway.rest.ApiFailures;
import org.rotunda.gateway.rest.ApiFault;
import org.rotunda.gateway.rest.HttpExchange;
import org.rotunda.gateway.rest.Responses;
import org.rotunda.gateway.rest.VideoApi;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * The routes of a node's HTTP port. Each answer has CORS headers and a header with the request id. Log lines about the
 * request contain the same id. Safe to call from any thread.
 */
public final class HttpRoutes {
    private static final Logger LOG = LoggerFactory.getLogger(HttpRoutes.class);
    /** Matches the WebSocket subprotocols that twilio-video 1.x offers. */
    private static final Pattern SIP = Pattern.compile("\\bsip\\b", Pattern.CASE_INSENSITIVE);

    /** The header with the number of requests of the account that are being answered. */
    private static final String CONCURRENT_HEADER = "Twilio-Concurrent-Requests";

    private static final String INDEX_ROUTE = "/";
    private static final String ASSETS_ROUTE = "/assets/{file}";
    private static final String DEV_TOKEN_ROUTE = "/dev/token";
    private static final String API_DOCUMENT_ROUTE = "/openapi.yaml";
    private static final String API_PAGE_ROUTE = "/openapi";
    private static final String API_FILES_ROUTE = "/openapi/{file}";
    private static final String HTTPS_ONLY_ROUTE = "https-only";
    private static final Set<String> PAGE_ROUTES =
            Set.of(INDEX_ROUTE, ASSETS_ROUTE, API_DOCUMENT_ROUTE, API_PAGE_ROUTE, API_FILES_ROUTE);

    private static final List<String> INSIGHTS_PATH = List.of("v1", "VideoEvents");
    private static final String INSIGHTS_ROUTE = "/v1/VideoEvents";

    private static final List<String> READ_METHODS = List.of("GET", "HEAD", "OPTIONS");

    /** The first segments of the paths that answer only GET and HEAD. */
    private static final Set<String> FIRST_SEGMENTS = Set.of("signaling", "assets", "openapi", "openapi.yaml");

    private final RequestOrigins origins;
    private final SignalingFlow signaling;
    private final InsightsFlow insights;
    private final VideoApi api;
    private final @Nullable DevTokens devTokens;
    private final DemoPage demoPage;
    private final ApiPages apiPages;
    private final Clock clock;
    private final GatewayStatistics statistics;
    private final RandomGenerator random;
    private final Materializer materializer;

    /** Reads the files of the pages, so it must not run on the actor dispatcher. */
    public HttpRoutes(
            HttpSettings settings,
            Accounts accounts,
            VideoApi api,
            SignalingFlow signaling,
            InsightsFlow insights,
            Clock clock,
            GatewayStatistics statistics,
            RandomGenerator random,
            Materializer materializer) {
        this.origins = new RequestOrigins(settings.trustedProxies());
        this.signaling = signaling;
        this.insights = insights;
        this.api = api;
        this.devTokens = settings.devToken() ? new DevTokens(accounts, clock) : null;
        this.demoPage = settings.demoPage() ? DemoPage.load() : DemoPage.off();
        this.apiPages = ApiPages.load();
        this.clock = clock;
        this.statistics = statistics;
        this.random = random;
        this.materializer = materializer;
    }

    /** Finds the answer to a request. */
    @FunctionalInterface
    private interface Router {
        CompletionStage<HttpResponse> route(HttpRequest request, String path, HttpExchange exchange);
    }

    /** Answers a request on the port without TLS. */
    public CompletionStage<HttpResponse> handle(HttpRequest request) {
        return answer(request, false, this::route);
    }

    /** Answers a request on the port with TLS. */
    public CompletionStage<HttpResponse> handleSecure(HttpRequest request) {
        return answer(request, true, this::route);
    }

    /**
     * Answers a request on the port without TLS, if everything is served over TLS only. What a trusted proxy has received
     * over TLS is served.
     */
    public CompletionStage<HttpResponse> sendToHttps(HttpRequest request, HttpsAddress https) {
        return answer(request, false, (same, path, exchange) -> {
            if (exchange.origin().scheme().equals("https")) {
                return route(same, path, exchange);
            }
            exchange.route(HTTPS_ONLY_ROUTE);
            HttpResponse redirect = https.answer(same, exchange.origin());
            same.discardEntityBytes(materializer);
            return CompletableFuture.completedFuture(redirect);
        });
    }

    private CompletionStage<HttpResponse> answer(HttpRequest request, boolean isSecure, Router router) {
        HttpExchange exchange =
                new HttpExchange(RequestIds.next(random), origins.of(request, isSecure), clock.instant());
        String path = pathWithoutVersion(request);
        CompletionStage<HttpResponse> answer;
        try {
            answer = router.route(request, path, exchange);
            // A thrown exception is answered like a failed stage.
        } catch (RuntimeException e) {
            request.discardEntityBytes(materializer); // An unread body would block the connection.
            answer = CompletableFuture.failedFuture(e);
        }
        return answer.exceptionally(failure -> {
                    ApiFault fault = ApiFailures.faultOf(failure, path);
                    if (fault == null) {
                        LOG.atError()
                                .addKeyValue("request", exchange.requestId())
                                .setCause(failure)
                                .log("{} {} failed", request.method().name(), path);
                    }
                    return Responses.error(fault == null ? ApiFault.internal() : fault);
                })
                .thenApply(response -> {
                    record(request, exchange, response);
                    boolean isToken = exchange.route().equals(DEV_TOKEN_ROUTE);
                    HttpResponse answered = response.addHeaders(isToken ? DevTokens.cors(request) : Responses.CORS)
                            .addHeader(RawHeader.create(RequestIds.HEADER, exchange.requestId()));
                    return exchange.concurrent() == 0
                            ? answered
                            : answered.addHeader(
                                    RawHeader.create(CONCURRENT_HEADER, Integer.toString(exchange.concurrent())));
                });
    }

    private void record(HttpRequest request, HttpExchange exchange, HttpResponse response) {
        Duration took = Duration.between(exchange.receivedAt(), clock.instant());
        statistics.onHttpRequest(
                exchange.route(), request.method().name(), response.status().intValue(), took);
        Level level = PAGE_ROUTES.contains(exchange.route()) ? Level.DEBUG : Level.INFO;
        AccessLog.write(level, request, exchange, response, took);
    }

    private CompletionStage<HttpResponse> route(HttpRequest request, String path, HttpExchange exchange) {
        if (request.method().equals(HttpMethods.OPTIONS)) {
            return CompletableFuture.completedFuture(Responses.preflight());
        }
        List<String> segments = new ArrayList<>();
        request.getUri().pathSegments().forEach(segments::add);
        String first = segments.isEmpty() ? "" : segments.get(0);
        if (segments.equals(INSIGHTS_PATH)) {
            exchange.route(INSIGHTS_ROUTE);
            return CompletableFuture.completedFuture(openInsights(request));
        }
        if (VideoApi.isVersion(first)) {
            return api.handle(request, segments, path, exchange);
        }
        HttpMethod method = request.method();
        if (!method.equals(HttpMethods.GET) && !method.equals(HttpMethods.HEAD)) {
            throw isKnown(first, segments.size()) ? ApiFault.methodNotAllowed(READ_METHODS) : ApiFault.notFound(path);
        }
        if (first.equals("signaling") && segments.size() == 1) {
            exchange.route("/signaling");
            return openSignaling(request, exchange);
        }
        if (segments.equals(List.of("dev", "token")) && devTokens != null) {
            exchange.route(DEV_TOKEN_ROUTE);
            return CompletableFuture.completedFuture(devTokens.handle(request));
        }
        if (segments.equals(List.of("openapi.yaml"))) {
            exchange.route(API_DOCUMENT_ROUTE);
            return CompletableFuture.completedFuture(apiPages.document(request));
        }
        if (segments.equals(List.of("openapi"))) {
            exchange.route(API_PAGE_ROUTE);
            return CompletableFuture.completedFuture(apiPages.page(request));
        }
        if (first.equals("openapi") && segments.size() == 2) {
            exchange.route(API_FILES_ROUTE);
            return CompletableFuture.completedFuture(apiPages.file(request, segments.get(1), path));
        }
        if (first.equals("assets") && segments.size() == 2) {
            exchange.route(ASSETS_ROUTE);
            return CompletableFuture.completedFuture(demoPage.asset(request, segments.get(1), path));
        }
        if (segments.isEmpty()) {
            exchange.route(INDEX_ROUTE);
            return CompletableFuture.completedFuture(demoPage.index(request));
        }
        throw ApiFault.notFound(path);
    }

    private static boolean isKnown(String first, int depth) {
        return depth == 0 || FIRST_SEGMENTS.contains(first);
    }

    private CompletionStage<HttpResponse> openSignaling(HttpRequest request, HttpExchange exchange) {
        if (request.getHeader("Sec-WebSocket-Protocol").stream()
                .anyMatch(offered -> SIP.matcher(offered.value()).find())) {
            throw ApiFault.of(400, 20001, "twilio-video 1.x speaks SIP; this server needs twilio-video 2.0 or later");
        }
        WebSocketUpgrade upgrade = request.getAttribute(AttributeKeys.webSocketUpgrade)
                .orElseThrow(() -> ApiFault.of(426, 20001, "Expected a WebSocket request"));
        return signaling
                .open(new SocketOrigin(exchange.requestId(), exchange.remote()))
                .thenApply(socket -> CloseCodes.open(upgrade, socket, materializer.system()));
    }

    private HttpResponse openInsights(HttpRequest request) {
        HttpMethod method = request.method();
        if (!method.equals(HttpMethods.GET)) {
            throw ApiFault.methodNotAllowed(List.of("GET", "OPTIONS"));
        }
        WebSocketUpgrade upgrade = request.getAttribute(AttributeKeys.webSocketUpgrade)
                .orElseThrow(() -> ApiFault.of(426, 20001, "Expected a WebSocket request"));
        return upgrade.handleMessagesWith(insights.open().orElseThrow(ApiFault::unavailable));
    }

    /** Returns the path for error texts, without the version and without a slash at the end. */
    private static String pathWithoutVersion(HttpRequest request) {
        String path = request.getUri().path();
        if (path.startsWith("/v1/")) {
            path = path.substring("/v1".length());
        }
        return path.length() > 1 && path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    }
}
