package org.rotunda.gateway;

import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.pekko.Done;
import org.apache.pekko.actor.Cancellable;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.http.javadsl.ConnectionContext;
import org.apache.pekko.http.javadsl.Http;
import org.apache.pekko.http.javadsl.ServerBinding;
import org.apache.pekko.http.javadsl.ServerBuilder;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.settings.ServerSettings;
import org.jspecify.annotations.Nullable;
import org.rotunda.gateway.http.HttpRoutes;
import org.rotunda.gateway.http.HttpSettings;
import org.rotunda.gateway.http.HttpsAddress;
import org.rotunda.gateway.http.JsonParsingErrorHandler;
import org.rotunda.gateway.http.ServerLog;
import org.rotunda.gateway.tls.CertificateKeeper;
import org.rotunda.gateway.tls.TlsSettings;
import org.rotunda.gateway.tls.TlsStatistics;
import org.rotunda.gateway.tls.UnusableCertificateException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The open HTTP ports of a gateway: one without TLS, one with TLS, or both. Safe to call from any thread. */
final class Listeners {
    private static final Logger LOG = LoggerFactory.getLogger(Listeners.class);

    private final @Nullable ServerBinding plain;
    private final @Nullable ServerBinding secure;
    private final Optional<CertificateKeeper> certificate;
    private final @Nullable Cancellable looks; // Null without TLS.

    private Listeners(
            @Nullable ServerBinding plain,
            @Nullable ServerBinding secure,
            Optional<CertificateKeeper> certificate,
            @Nullable Cancellable looks) {
        this.plain = plain;
        this.secure = secure;
        this.certificate = certificate;
        this.looks = looks;
    }

    /** Reads the certificate of the port with TLS. Blocks. */
    static CertificateKeeper readCertificate(TlsSettings settings, Clock clock) {
        try {
            return CertificateKeeper.open(settings, clock);
        } catch (UnusableCertificateException refused) {
            throw new IllegalArgumentException(refused.getMessage(), refused);
        }
    }

    /**
     * Opens the ports that the settings name.
     *
     * @param publicUrl the configured beginning of all links; null if there is none
     * @param certificate nothing if there is no port with TLS
     */
    static CompletionStage<Listeners> open(
            ActorSystem<?> system,
            HttpSettings settings,
            @Nullable String publicUrl,
            Optional<CertificateKeeper> certificate,
            HttpRoutes routes) {
        if (settings.tls().isEmpty() || certificate.isEmpty()) {
            return server(system, settings, settings.port())
                    .bind(routes::handle)
                    .thenApply(plain -> new Listeners(plain, null, Optional.empty(), null));
        }
        TlsSettings tls = settings.tls().get();
        CertificateKeeper keeper = certificate.get();
        return server(system, settings, tls.port())
                .enableHttps(ConnectionContext.httpsServer(keeper::newEngine))
                .bind(routes::handleSecure)
                .thenCompose(secure -> openPlain(system, settings, tls, publicUrl, secure, routes)
                        // The port with TLS must not stay open without the rest of the gateway.
                        .exceptionallyCompose(
                                failure -> secure.unbind().thenCompose(done -> CompletableFuture.failedStage(failure)))
                        .thenApply(plain -> new Listeners(
                                plain.orElse(null), secure, certificate, startLooks(system, tls, keeper))));
    }

    private static CompletionStage<Optional<ServerBinding>> openPlain(
            ActorSystem<?> system,
            HttpSettings settings,
            TlsSettings tls,
            @Nullable String publicUrl,
            ServerBinding secure,
            HttpRoutes routes) {
        ServerBuilder server = server(system, settings, settings.port());
        return switch (tls.plainHttp()) {
            case OFF -> CompletableFuture.completedStage(Optional.empty());
            case SERVE -> server.bind(routes::handle).thenApply(Optional::of);
            case REDIRECT -> {
                HttpsAddress https =
                        new HttpsAddress(publicUrl, secure.localAddress().getPort());
                yield server.bind((HttpRequest request) -> routes.sendToHttps(request, https))
                        .thenApply(Optional::of);
            }
        };
    }

    private static ServerBuilder server(ActorSystem<?> system, HttpSettings settings, int port) {
        return Http.get(system)
                .newServerAt(settings.host(), port)
                .logTo(new ServerLog())
                .withSettings(serverSettings(system, settings));
    }

    private static ServerSettings serverSettings(ActorSystem<?> system, HttpSettings settings) {
        ServerSettings defaults = ServerSettings.create(Adapter.toClassic(system));
        return defaults.withParserSettings(
                        // Without this setting, clients could fill the log with illegal headers.
                        defaults.getParserSettings().withIllegalHeaderWarnings(false))
                .withRemoteAddressAttribute(true) // The access log contains the address.
                .withMaxConnections(settings.connectionsMax()) // WebSockets count as connections.
                .withParsingErrorHandler(JsonParsingErrorHandler.class.getName())
                .withServerHeader(Optional.empty());
    }

    private static Cancellable startLooks(ActorSystem<?> system, TlsSettings tls, CertificateKeeper keeper) {
        return Adapter.toClassic(system)
                .scheduler()
                .scheduleWithFixedDelay(
                        tls.reloadInterval(),
                        tls.reloadInterval(),
                        () -> look(keeper),
                        system.dispatchers().lookup(DispatcherSelector.blocking()));
    }

    private static void look(CertificateKeeper keeper) {
        try {
            keeper.look();
        } catch (RuntimeException defect) {
            LOG.error("the certificate of the HTTPS port cannot be looked at", defect); // The next look comes anyway.
        }
    }

    Optional<InetSocketAddress> plainAddress() {
        return Optional.ofNullable(plain).map(ServerBinding::localAddress);
    }

    Optional<InetSocketAddress> secureAddress() {
        return Optional.ofNullable(secure).map(ServerBinding::localAddress);
    }

    Optional<TlsStatistics> tlsStatistics() {
        return certificate.map(CertificateKeeper::statistics);
    }

    private List<ServerBinding> bindings() {
        List<ServerBinding> bindings = new ArrayList<>();
        Optional.ofNullable(plain).ifPresent(bindings::add);
        Optional.ofNullable(secure).ifPresent(bindings::add);
        return bindings;
    }

    /** Stops accepting connections. Open connections stay open. */
    CompletionStage<Done> unbind() {
        return all(ServerBinding::unbind);
    }

    /**
     * Stops accepting connections, answers running requests for at most the given time, and then closes all
     * connections.
     */
    CompletionStage<Done> stop(Duration hardDeadline) {
        if (looks != null) {
            looks.cancel();
        }
        return all(binding -> binding.terminate(hardDeadline));
    }

    private CompletionStage<Done> all(Function<ServerBinding, CompletionStage<?>> action) {
        return CompletableFuture.allOf(bindings().stream()
                        .map(binding -> action.apply(binding).toCompletableFuture())
                        .toArray(CompletableFuture[]::new))
                .thenApply(done -> Done.getInstance());
    }
}
