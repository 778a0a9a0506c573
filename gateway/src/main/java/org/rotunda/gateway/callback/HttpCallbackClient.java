package org.rotunda.gateway.callback;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.ClientTransport;
import org.apache.pekko.http.javadsl.Http;
import org.apache.pekko.http.javadsl.HttpsConnectionContext;
import org.apache.pekko.http.javadsl.OutgoingConnection;
import org.apache.pekko.http.javadsl.OutgoingConnectionBuilder;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpMethods;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.MediaTypes;
import org.apache.pekko.http.javadsl.model.headers.Authorization;
import org.apache.pekko.http.javadsl.model.headers.Host;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.http.javadsl.model.headers.RawRequestURI;
import org.apache.pekko.http.javadsl.settings.ClientConnectionSettings;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.jspecify.annotations.Nullable;
import org.rotunda.gateway.auth.Secret;
import org.rotunda.room.protocol.CallbackFailure;
import org.rotunda.room.protocol.CallbackForm;
import org.rotunda.room.protocol.Failures;
import org.rotunda.room.protocol.StatusCallback;

/**
 * Sends callbacks over HTTP. Each attempt resolves the name, checks all its addresses, and connects to one of the
 * checked addresses, so that no second look-up can lead to another. The request and TLS still name the host. Each
 * attempt has a connection of its own, because a kept connection might lead to an address that has become forbidden.
 * Redirects are not followed.
 *
 * <p>Names are resolved on threads of this class, because a look-up blocks, and a hostile name may block for long.
 */
final class HttpCallbackClient implements CallbackClient, AutoCloseable {
    static final String SIGNATURE = "X-Twilio-Signature";
    static final String IDEMPOTENCY_TOKEN = "I-Twilio-Idempotency-Token";

    /** The most bytes of an answer's body that are read. The body does not matter. */
    private static final long BODY_BYTES_MAX = 64 * 1024;

    /** Keeps the streams from logging failures, because receivers could fill the log. The log of failures has them. */
    private static final Attributes QUIET =
            Attributes.createLogLevels(Attributes.logLevelOff(), Attributes.logLevelOff(), Attributes.logLevelOff());

    private static final String GET = "GET";
    private static final String RETRY_AFTER = "Retry-After";
    private static final long RETRY_AFTER_SECONDS_MAX = 86_400;
    private static final Duration IDLE_THREAD_KEPT = Duration.ofSeconds(30);

    private final Http http;
    private final Materializer materializer;
    private final ClientConnectionSettings connection;
    private final HttpsConnectionContext tls;
    private final CallbackSettings settings;
    private final AddressGuard guard;
    private final Resolver resolver;
    private final SigningTokens tokens;
    private final ThreadPoolExecutor resolving;

    /** Finds the addresses of a host. Blocks. */
    @FunctionalInterface
    interface Resolver {
        InetAddress[] resolve(String host) throws UnknownHostException;
    }

    /** @param tls the trusted certificates; null for those of the Java platform */
    HttpCallbackClient(
            ActorSystem<?> system,
            CallbackSettings settings,
            SigningTokens tokens,
            Resolver resolver,
            @Nullable HttpsConnectionContext tls) {
        this.http = Http.get(system);
        this.materializer = Materializer.createMaterializer(system);
        this.connection = ClientConnectionSettings.create(clientConfig(system, settings));
        this.tls = tls == null ? http.defaultClientHttpsContext() : tls;
        this.settings = settings;
        this.guard = new AddressGuard(settings.allowedTargets());
        this.resolver = resolver;
        this.tokens = tokens;
        this.resolving = threads(settings.inFlightMax());
    }

    private static Config clientConfig(ActorSystem<?> system, CallbackSettings settings) {
        return ConfigFactory.parseMap(Map.of(
                        "pekko.http.client.connecting-timeout",
                        settings.connectTimeout().toMillis() + "ms",
                        "pekko.http.client.idle-timeout",
                        settings.requestTimeout().toMillis() + "ms",
                        "pekko.http.client.user-agent-header",
                        "Rotunda",
                        // Otherwise receivers could fill the log with illegal headers.
                        "pekko.http.client.parsing.illegal-header-warnings",
                        false))
                .withFallback(system.settings().config());
    }

    private static ThreadPoolExecutor threads(int max) {
        AtomicInteger number = new AtomicInteger();
        ThreadPoolExecutor threads = new ThreadPoolExecutor(
                max,
                max,
                IDLE_THREAD_KEPT.toSeconds(),
                TimeUnit.SECONDS,
                // Holds at most one look-up for each callback in flight, and those that have run into their time limit.
                new LinkedBlockingQueue<>(),
                task -> {
                    Thread thread = new Thread(task, "rotunda-callback-resolver-" + number.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
        threads.allowCoreThreadTimeOut(true);
        return threads;
    }

    /** The host has an address to which callbacks must not go. */
    private static final class ForbiddenException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        ForbiddenException(String message) {
            super(message, null, false, false);
        }
    }

    @Override
    public CompletionStage<AttemptResult> send(StatusCallback callback) {
        CallbackTarget target;
        try {
            target = CallbackTarget.of(callback.url(), callback.method().equals(GET) ? callback.form() : "");
        } catch (IllegalArgumentException unusable) {
            return CompletableFuture.completedFuture(
                    AttemptResult.failed(CallbackFailure.FORBIDDEN, "The URL cannot be called"));
        }
        Optional<Secret> token = tokens.of(callback.account());
        if (token.isEmpty()) {
            return CompletableFuture.completedFuture(AttemptResult.failed(
                    CallbackFailure.UNSIGNED, "The account has no auth token to sign the request with"));
        }
        HttpRequest request = request(callback, target, token.get());
        return CompletableFuture.supplyAsync(() -> addresses(target), resolving)
                .thenCompose(addresses -> exchange(
                        request,
                        target,
                        // The next attempt takes the next address.
                        addresses.get(callback.attempts() % addresses.size())))
                .orTimeout(settings.requestTimeout().toMillis(), TimeUnit.MILLISECONDS)
                .handle((response, failure) -> response == null ? result(failure) : result(response));
    }

    private HttpRequest request(StatusCallback callback, CallbackTarget target, Secret token) {
        boolean isGet = callback.method().equals(GET);
        String signature = CallbackSignature.of(
                token, target.signedUrl(), isGet ? Map.of() : CallbackForm.decode(callback.form()));
        HttpRequest request = HttpRequest.create()
                .withMethod(isGet ? HttpMethods.GET : HttpMethods.POST)
                .addHeader(RawRequestURI.create(target.requestTarget())) // Sent as it is.
                .addHeader(
                        target.isUsualPort()
                                ? Host.create(target.hostHeader())
                                : Host.create(target.hostHeader(), target.port()))
                .addHeader(RawHeader.create(SIGNATURE, signature))
                .addHeader(RawHeader.create(IDEMPOTENCY_TOKEN, callback.sid().idempotencyToken()))
                .addHeader(RawHeader.create("Accept", "*/*"));
        String userInfo = target.userInfo();
        if (userInfo != null) {
            request = request.addHeader(credentials(userInfo));
        }
        return isGet
                ? request
                : request.withEntity(HttpEntities.create(
                        MediaTypes.APPLICATION_X_WWW_FORM_URLENCODED.toContentType(), callback.form()));
    }

    private static Authorization credentials(String userInfo) {
        int colon = userInfo.indexOf(':');
        return Authorization.basic(
                decode(colon < 0 ? userInfo : userInfo.substring(0, colon)),
                colon < 0 ? "" : decode(userInfo.substring(colon + 1)));
    }

    /** Decodes the escapes of a URL, in which a plus sign is only itself. */
    private static String decode(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    /** Returns the addresses of the host, all of which were checked. */
    private List<InetAddress> addresses(CallbackTarget target) {
        if (AddressGuard.isAmbiguous(target.host())) {
            throw new ForbiddenException("The host is an IP address in an unusual notation");
        }
        List<InetAddress> addresses;
        try {
            addresses = List.of(resolver.resolve(target.host()));
        } catch (UnknownHostException unknown) {
            throw new CompletionException(unknown);
        }
        if (guard.forbids(target.host(), addresses)) {
            throw new ForbiddenException("The host has an address that is not public");
        }
        return addresses;
    }

    private CompletionStage<HttpResponse> exchange(HttpRequest request, CallbackTarget target, InetAddress address) {
        InetSocketAddress checked = new InetSocketAddress(address, target.port());
        OutgoingConnectionBuilder to = http.connectionTo(target.hostHeader())
                .toPort(target.port())
                .withCustomHttpsConnectionContext(tls)
                .withClientConnectionSettings(connection.withTransport(ClientTransport.withCustomResolver(
                        (host, port) -> CompletableFuture.completedFuture(checked))));
        Flow<HttpRequest, HttpResponse, CompletionStage<OutgoingConnection>> flow =
                target.isSecure() ? to.https() : to.http();
        return Source.single(request)
                .via(flow)
                .mapAsync(1, this::readBody)
                .completionTimeout(settings.requestTimeout())
                .toMat(Sink.head(), Keep.right())
                .withAttributes(QUIET)
                .run(materializer);
    }

    /**
     * Completes when the body has ended, or has become longer than anybody needs. A body that breaks off fails the
     * connection, and so the attempt.
     */
    private CompletionStage<HttpResponse> readBody(HttpResponse response) {
        CompletableFuture<HttpResponse> read = new CompletableFuture<>();
        response.entity()
                .withoutSizeLimit()
                .getDataBytes()
                .scan(0L, (length, bytes) -> length + bytes.size())
                .mapAsync(1, length -> {
                    if (length <= BODY_BYTES_MAX) {
                        return CompletableFuture.completedFuture(length);
                    }
                    read.complete(response);
                    // Asks for no further bytes. To cancel here would fail the connection before the answer is out.
                    return new CompletableFuture<Long>();
                })
                .runWith(Sink.ignore(), materializer)
                .whenComplete((done, broken) -> read.complete(response));
        return read;
    }

    private static AttemptResult result(HttpResponse response) {
        Duration retryAfter = response.getHeader(RETRY_AFTER)
                .map(header -> seconds(header.value()))
                .orElse(Duration.ZERO);
        return AttemptResult.answered(response.status().intValue(), retryAfter);
    }

    /** Reads a number of seconds. A date, which the header may also hold, counts as zero. */
    private static Duration seconds(String text) {
        return text.matches("[0-9]{1,9}")
                ? Duration.ofSeconds(Math.min(Long.parseLong(text), RETRY_AFTER_SECONDS_MAX))
                : Duration.ZERO;
    }

    private static AttemptResult result(Throwable failure) {
        Throwable cause = Failures.rootCause(failure);
        if (cause instanceof ForbiddenException) {
            return AttemptResult.failed(CallbackFailure.FORBIDDEN, String.valueOf(cause.getMessage()));
        }
        if (cause instanceof TimeoutException) {
            return AttemptResult.failed(CallbackFailure.TIMEOUT, "The receiver did not answer in time");
        }
        if (cause instanceof UnknownHostException) {
            return AttemptResult.failed(CallbackFailure.UNREACHABLE, "The host has no address");
        }
        // Sockets, TLS and parsers throw exceptions of many types.
        return AttemptResult.failed(CallbackFailure.UNREACHABLE, "No usable answer: " + cause.getMessage());
    }

    @Override
    public void close() {
        resolving.shutdownNow();
    }
}
