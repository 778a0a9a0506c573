package org.rotunda.gateway.insights;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.random.RandomGenerator;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.model.ws.BinaryMessage;
import org.apache.pekko.http.javadsl.model.ws.Message;
import org.apache.pekko.http.javadsl.model.ws.TextMessage;
import org.apache.pekko.stream.KillSwitches;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.SharedKillSwitch;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Sink;
import org.rotunda.gateway.auth.AccessTokens;
import org.rotunda.gateway.insights.InsightsConnection.Reply;
import org.rotunda.room.protocol.InsightsStore;
import org.rotunda.room.protocol.Rooms;

/** Serves insights sockets. Safe to call from any thread. */
public final class InsightsFlow {
    private final ActorSystem<?> system;
    private final InsightsSettings settings;
    private final AccessTokens tokens;
    private final Rooms rooms;
    private final InsightsQueue queue;
    private final Clock clock;
    private final RandomGenerator random;
    private final InsightsStatistics statistics;
    private final Materializer materializer;

    public InsightsFlow(
            ActorSystem<?> system,
            InsightsSettings settings,
            AccessTokens tokens,
            Rooms rooms,
            InsightsStore store,
            Clock clock,
            RandomGenerator random,
            InsightsStatistics statistics) {
        this.system = system;
        this.settings = settings;
        this.tokens = tokens;
        this.rooms = rooms;
        this.queue = new InsightsQueue(store, settings, statistics, system.executionContext(), this::later);
        this.clock = clock;
        this.random = random;
        this.statistics = statistics;
        this.materializer = Materializer.createMaterializer(system);
    }

    private void later(Duration delay, Runnable task) {
        system.scheduler().scheduleOnce(delay, task, system.executionContext());
    }

    /** Returns the flow that handles a new WebSocket; empty if there are too many already. */
    public Optional<Flow<Message, Message, NotUsed>> open() {
        if (statistics.onOpened() > settings.socketsMax()) {
            statistics.onClosed();
            statistics.onRefused();
            return Optional.empty();
        }
        InsightsConnection connection =
                new InsightsConnection(settings, tokens, rooms::isRoomOf, queue::offer, clock, random, statistics);
        SharedKillSwitch end = KillSwitches.shared("insights-socket");
        return Optional.of(Flow.of(Message.class)
                .via(end.flow())
                .mapAsync(1, message -> read(message).thenCompose(text -> answer(connection, text)))
                .mapConcat(reply -> reply.map(List::of).orElseGet(List::of))
                .map(reply -> {
                    if (reply.isLast()) {
                        // The client closes the socket, and the server does so if the client does not.
                        later(settings.closeGrace(), end::shutdown);
                    }
                    return (Message) TextMessage.create(reply.text());
                })
                .watchTermination((unused, done) -> {
                    done.whenComplete((ended, failure) -> statistics.onClosed());
                    return unused;
                }));
    }

    private static CompletionStage<Optional<Reply>> answer(InsightsConnection connection, Optional<String> text) {
        return text.isPresent() ? connection.onText(text.get()) : connection.onBinary();
    }

    /** Reads one whole message; empty if it is not text. Skips the rest of a text that is too long. */
    private CompletionStage<Optional<String>> read(Message message) {
        if (message instanceof TextMessage text) {
            return text.isStrict()
                    ? CompletableFuture.completedFuture(Optional.of(text.getStrictText()))
                    : text.getStreamedText()
                            .runFold(new StringBuilder(), this::append, materializer)
                            .thenApply(whole -> Optional.of(whole.toString()));
        }
        return message instanceof BinaryMessage bytes && !bytes.isStrict()
                ? bytes.getStreamedData()
                        .runWith(Sink.ignore(), materializer)
                        .thenApply(done -> Optional.<String>empty())
                : CompletableFuture.completedFuture(Optional.empty());
    }

    private StringBuilder append(StringBuilder whole, String part) {
        return whole.length() > settings.frameCharsMax() ? whole : whole.append(part);
    }
}
