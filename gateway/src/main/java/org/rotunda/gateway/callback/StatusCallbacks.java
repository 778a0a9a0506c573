package org.rotunda.gateway.callback;

import java.net.InetAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.random.RandomGenerator;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.rotunda.room.protocol.CallbackOutbox;

/** The status callbacks of one gateway: a sender, and the client that it uses. Safe to call from any thread. */
public final class StatusCallbacks {
    private static final Duration RESTART_AFTER_MIN = Duration.ofSeconds(1);
    private static final Duration RESTART_AFTER_MAX = Duration.ofSeconds(30);
    private static final double RESTART_JITTER = 0.2;

    private final ActorSystem<?> system;
    private final ActorRef<CallbackSender.Command> sender;
    private final HttpCallbackClient client;
    private final CallbackStatistics statistics;

    private StatusCallbacks(
            ActorSystem<?> system,
            ActorRef<CallbackSender.Command> sender,
            HttpCallbackClient client,
            CallbackStatistics statistics) {
        this.system = system;
        this.sender = sender;
        this.client = client;
        this.statistics = statistics;
    }

    /** Starts to send. */
    public static StatusCallbacks start(
            ActorSystem<?> system,
            CallbackOutbox outbox,
            CallbackSettings settings,
            SigningTokens tokens,
            Clock clock,
            RandomGenerator random) {
        HttpCallbackClient client = new HttpCallbackClient(system, settings, tokens, InetAddress::getAllByName, null);
        CallbackStatistics statistics = new CallbackStatistics();
        Behavior<CallbackSender.Command> sender =
                CallbackSender.create(new CallbackSender.Parts(outbox, client, settings, clock, random, statistics));
        return new StatusCallbacks(
                system,
                system.systemActorOf(
                        // A sender that starts anew has lost its claims, which lapse.
                        Behaviors.supervise(sender)
                                .onFailure(SupervisorStrategy.restartWithBackoff(
                                        RESTART_AFTER_MIN, RESTART_AFTER_MAX, RESTART_JITTER)),
                        "status-callbacks",
                        Props.empty()),
                client,
                statistics);
    }

    public CallbackStatistics statistics() {
        return statistics;
    }

    /**
     * Starts no further callbacks, and waits for those in flight for at most the given time. The callbacks that are
     * still in flight then are sent again by another gateway.
     */
    public CompletionStage<Done> stop(Duration max) {
        return AskPattern.<CallbackSender.Command, Done>ask(sender, CallbackSender.Stop::new, max, system.scheduler())
                .exceptionally(late -> Done.getInstance())
                .thenApply(done -> {
                    client.close();
                    return done;
                });
    }
}
