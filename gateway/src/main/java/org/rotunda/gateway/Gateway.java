package org.rotunda.gateway;

import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.IntSupplier;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.stream.Materializer;
import org.rotunda.gateway.account.AccountStatistics;
import org.rotunda.gateway.auth.AccessTokens;
import org.rotunda.gateway.callback.CallbackStatistics;
import org.rotunda.gateway.callback.StatusCallbacks;
import org.rotunda.gateway.connection.GatewayStatistics;
import org.rotunda.gateway.connection.SessionContext;
import org.rotunda.gateway.connection.Sessions;
import org.rotunda.gateway.connection.SignalingFlow;
import org.rotunda.gateway.http.HttpRoutes;
import org.rotunda.gateway.insights.InsightsFlow;
import org.rotunda.gateway.insights.InsightsStatistics;
import org.rotunda.gateway.limit.LimitStatistics;
import org.rotunda.gateway.limit.RequestLimits;
import org.rotunda.gateway.rest.ApiOperation;
import org.rotunda.gateway.rest.RoomDefaults;
import org.rotunda.gateway.rest.VideoApi;
import org.rotunda.gateway.tls.CertificateKeeper;
import org.rotunda.gateway.tls.TlsStatistics;
import org.rotunda.room.protocol.AccountStore;
import org.rotunda.room.protocol.CallbackLog;
import org.rotunda.room.protocol.CallbackOutbox;
import org.rotunda.room.protocol.IdentityErasure;
import org.rotunda.room.protocol.InsightsStore;
import org.rotunda.room.protocol.ParticipantSid;
import org.rotunda.room.protocol.RoomQueries;
import org.rotunda.room.protocol.Rooms;

/**
 * A running gateway: the HTTP port with the REST API and signaling. There is one gateway for each actor system. Safe to
 * call from any thread.
 */
public final class Gateway {
    private static final Duration ASK_TIMEOUT = Duration.ofSeconds(5);

    /**
     * The time within which a drain must complete after the last client has been sent away. A session waits up to 60
     * seconds for the reply to an abandoned connect, so this time is longer.
     */
    private static final Duration DRAIN_GRACE = Duration.ofSeconds(70);

    /** The number of sessions that one gateway resumes in a second while it serves its own clients. */
    private static final long RESUMES_PER_SECOND = 500;

    /** The shortest and the longest time over which the clients of a drained gateway go to other gateways. */
    private static final Duration SPREAD_MIN = Duration.ofSeconds(2);

    private static final Duration SPREAD_MAX = Duration.ofSeconds(60);

    private final ActorSystem<?> system;
    private final Listeners listeners;
    private final ActorRef<Sessions.Command> sessions;
    private final GatewayStatistics statistics;
    private final LimitStatistics limitStatistics;
    private final InsightsStatistics insightsStatistics;
    private final GatewayAccounts accounts;
    private final StatusCallbacks callbacks;
    private final List<ApiOperation> operations;

    private Gateway(
            ActorSystem<?> system,
            Listeners listeners,
            ActorRef<Sessions.Command> sessions,
            GatewayStatistics statistics,
            LimitStatistics limitStatistics,
            InsightsStatistics insightsStatistics,
            GatewayAccounts accounts,
            StatusCallbacks callbacks,
            List<ApiOperation> operations) {
        this.system = system;
        this.listeners = listeners;
        this.sessions = sessions;
        this.statistics = statistics;
        this.limitStatistics = limitStatistics;
        this.insightsStatistics = insightsStatistics;
        this.accounts = accounts;
        this.callbacks = callbacks;
        this.operations = operations;
    }

    /**
     * Reads the accounts, binds the HTTP ports and starts to serve, and to send status callbacks. Reads files, so it must
     * not run on the actor dispatcher.
     *
     * @param liveGateways returns the number of live gateways of the cluster, this one included; they share the request
     *     rates of accounts
     * @throws IllegalArgumentException if the certificate of the port with TLS cannot be used
     */
    public static CompletionStage<Gateway> start(
            ActorSystem<?> system,
            Rooms rooms,
            RoomQueries queries,
            AccountStore accountStore,
            CallbackOutbox callbackOutbox,
            CallbackLog callbackLog,
            IdentityErasure erasure,
            InsightsStore insightsStore,
            IntSupplier liveGateways,
            GatewaySettings settings,
            Clock clock) {
        Optional<CertificateKeeper> certificate =
                settings.http().tls().map(tls -> Listeners.readCertificate(tls, clock));
        GatewayAccounts accounts = GatewayAccounts.start(system, accountStore, settings, clock);
        return accounts.loaded()
                .thenCompose(loaded -> start(
                        system,
                        rooms,
                        queries,
                        accounts,
                        certificate,
                        callbackOutbox,
                        callbackLog,
                        erasure,
                        insightsStore,
                        liveGateways,
                        settings,
                        clock));
    }

    private static CompletionStage<Gateway> start(
            ActorSystem<?> system,
            Rooms rooms,
            RoomQueries queries,
            GatewayAccounts accounts,
            Optional<CertificateKeeper> certificate,
            CallbackOutbox callbackOutbox,
            CallbackLog callbackLog,
            IdentityErasure erasure,
            InsightsStore insightsStore,
            IntSupplier liveGateways,
            GatewaySettings settings,
            Clock clock) {
        GatewayStatistics statistics = new GatewayStatistics();
        LimitStatistics limitStatistics = new LimitStatistics();
        RequestLimits limits = new RequestLimits(settings.requestRates(), liveGateways, clock, limitStatistics);
        InsightsStatistics insightsStatistics = new InsightsStatistics();
        RoomDefaults defaults = new RoomDefaults(accounts.directory(), settings.rest(), settings.adHoc());
        AccessTokens tokens = new AccessTokens(accounts.directory(), clock);
        SessionContext shared =
                new SessionContext(settings.sessions(), tokens, rooms, defaults::adHoc, limits, clock, statistics);
        ActorRef<Sessions.Command> sessions =
                system.systemActorOf(Sessions.create(shared, System::nanoTime), "signaling-sessions", Props.empty());
        Materializer materializer = Materializer.createMaterializer(system);
        VideoApi api = new VideoApi(
                accounts.directory(),
                accounts.admin(),
                defaults,
                rooms,
                queries,
                callbackLog,
                erasure,
                limits,
                settings.rest(),
                clock,
                materializer);
        HttpRoutes routes = new HttpRoutes(
                settings.http(),
                settings.accounts(),
                api,
                new SignalingFlow(system, sessions, settings.sessions()),
                new InsightsFlow(
                        system,
                        settings.insights(),
                        tokens,
                        rooms,
                        insightsStore,
                        clock,
                        new SecureRandom(),
                        insightsStatistics),
                clock,
                statistics,
                new SecureRandom(),
                materializer);
        return Listeners.open(system, settings.http(), settings.rest().publicUrl(), certificate, routes)
                .thenApply(listeners -> new Gateway(
                        system,
                        listeners,
                        sessions,
                        statistics,
                        limitStatistics,
                        insightsStatistics,
                        accounts,
                        StatusCallbacks.start(
                                system,
                                callbackOutbox,
                                settings.callbacks(),
                                account -> accounts.directory().get().primaryAuthToken(account),
                                clock,
                                new SecureRandom()),
                        api.operations()));
    }

    /**
     * Returns the address without TLS on which the gateway listens, or that with TLS if there is no other. The port is
     * the real port, even if port 0 was configured.
     */
    public InetSocketAddress address() {
        return listeners.plainAddress().or(listeners::secureAddress).orElseThrow();
    }

    /** Returns the address with TLS on which the gateway listens; nothing if TLS is off. */
    public Optional<InetSocketAddress> secureAddress() {
        return listeners.secureAddress();
    }

    /** Returns the counters of the certificate; nothing if TLS is off. */
    public Optional<TlsStatistics> tlsStatistics() {
        return listeners.tlsStatistics();
    }

    public GatewayStatistics statistics() {
        return statistics;
    }

    /** Returns the counters of request rates. */
    public LimitStatistics limitStatistics() {
        return limitStatistics;
    }

    /** Returns the counters of insights sockets. */
    public InsightsStatistics insightsStatistics() {
        return insightsStatistics;
    }

    /** Returns the counters of this node's copy of the accounts. */
    public AccountStatistics accountStatistics() {
        return accounts.statistics();
    }

    public CallbackStatistics callbackStatistics() {
        return callbacks.statistics();
    }

    /** Returns all operations of the REST API. */
    public List<ApiOperation> operations() {
        return operations;
    }

    /** Lists the participants whose signaling sockets are at this gateway. */
    public CompletionStage<List<ParticipantSid>> participants() {
        return AskPattern.ask(sessions, Sessions.ListParticipants::new, ASK_TIMEOUT, system.scheduler());
    }

    /**
     * Closes the socket of one participant with code 1011, so that its client resumes. The result is whether the
     * participant had a socket at this gateway.
     */
    public CompletionStage<Boolean> failSocket(ParticipantSid participant) {
        return AskPattern.ask(
                sessions,
                (ActorRef<Boolean> replyTo) -> new Sessions.FailSocket(participant, replyTo),
                ASK_TIMEOUT,
                system.scheduler());
    }

    /**
     * Sends all clients to other gateways, and accepts no new clients. The clients go over a time that depends on how
     * many there are for each of the other gateways. REST requests are still answered. Completes when the last session
     * is gone.
     *
     * @param otherGateways the number of gateways that take the clients
     */
    public CompletionStage<Done> drain(int otherGateways) {
        return drain(spread(statistics.snapshot().sessionsOpen(), otherGateways));
    }

    /** Returns the time over which so many sessions go to so many other gateways. */
    static Duration spread(long sessions, int otherGateways) {
        Duration over = Duration.ofMillis(
                sessions * Duration.ofSeconds(1).toMillis() / (RESUMES_PER_SECOND * Math.max(1, otherGateways)));
        if (over.compareTo(SPREAD_MIN) < 0) {
            return SPREAD_MIN;
        }
        return over.compareTo(SPREAD_MAX) > 0 ? SPREAD_MAX : over;
    }

    /** Accepts clients again after a drain. Clients that were sent away may come back. */
    public void undrain() {
        sessions.tell(Sessions.Undrain.NOW);
    }

    /**
     * Sends all clients to other nodes, spread over the given time, and accepts no new clients. REST requests are still
     * answered. Completes when the last session is gone.
     */
    public CompletionStage<Done> drain(Duration over) {
        return AskPattern.ask(
                sessions,
                (ActorRef<Done> replyTo) -> new Sessions.Drain(over, replyTo),
                over.plus(DRAIN_GRACE),
                system.scheduler());
    }

    /**
     * Makes all sessions register their sockets with their rooms again, spread over the given time. This method must be
     * called when any room may have forgotten the sockets of this gateway.
     */
    public void resync(Duration over) {
        sessions.tell(new Sessions.Resync(over));
    }

    /**
     * Makes the sessions whose rooms ran on the given nodes register their sockets with their rooms again, spread over
     * the given time. This method must be called when room nodes are lost. Their rooms start again on other nodes, where
     * they know their participants but not the sockets.
     *
     * @param nodes the nodes, named as in {@link org.rotunda.room.protocol.SessionNotice.Synced}
     */
    public void resync(Set<String> nodes, Duration over) {
        sessions.tell(new Sessions.ResyncFrom(nodes, over));
    }

    /**
     * Sends no further status callbacks, and waits for those that are being sent for at most the given time. Other
     * gateways send the rest.
     */
    public CompletionStage<Done> stopCallbacks(Duration max) {
        return callbacks.stop(max);
    }

    /** Stops accepting connections. Open connections stay open. */
    public CompletionStage<Done> unbind() {
        return listeners.unbind();
    }

    /**
     * Stops accepting connections, answers running requests for at most the given time, and then closes all
     * connections.
     */
    public CompletionStage<Done> stop(Duration hardDeadline) {
        return listeners.stop(hardDeadline);
    }
}
