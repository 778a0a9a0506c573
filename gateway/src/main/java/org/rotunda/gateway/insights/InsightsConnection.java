package org.rotunda.gateway.insights;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.rotunda.gateway.auth.AccessToken;
import org.rotunda.gateway.auth.AccessTokens;
import org.rotunda.gateway.auth.TokenError;
import org.rotunda.gateway.limit.Rate;
import org.rotunda.gateway.limit.TokenBucket;
import org.rotunda.room.protocol.AccountSid;
import org.rotunda.room.protocol.InsightsEvent;
import org.rotunda.room.protocol.ParticipantSid;
import org.rotunda.room.protocol.RoomError;
import org.rotunda.room.protocol.RoomSid;

/**
 * The protocol of one insights socket: a connect with an access token and the participant that reports, then its events,
 * which get no answer. Anything else is answered with an error, after which the socket is over. Gets one frame at a time,
 * and the next one after the stage of the last is complete.
 */
final class InsightsConnection {
    private static final int VERSION = 1;
    private static final int SESSION_BYTES = 16;
    private static final JsonMapper JSON = new JsonMapper();

    /** The group and the name of the event that tells which SDK has connected. The server makes it, not the client. */
    static final String PUBLISHER_GROUP = "publisher";

    static final String PUBLISHER_NAME = "connected";

    private final InsightsSettings settings;
    private final AccessTokens tokens;
    private final BiFunction<AccountSid, RoomSid, CompletionStage<Boolean>> isRoomOf;
    private final Consumer<InsightsEvent> events;
    private final Clock clock;
    private final RandomGenerator random;
    private final InsightsStatistics statistics;
    private final Rate rate;
    private final TokenBucket budget;
    private @Nullable Publisher publisher; // Null until the connect is accepted.
    private boolean isOver;

    private record Publisher(AccountSid account, RoomSid room, ParticipantSid participant, String session) {}

    /**
     * The answer of the server to a frame.
     *
     * @param isLast true if the client is to close the socket
     */
    record Reply(String text, boolean isLast) {}

    InsightsConnection(
            InsightsSettings settings,
            AccessTokens tokens,
            BiFunction<AccountSid, RoomSid, CompletionStage<Boolean>> isRoomOf,
            Consumer<InsightsEvent> events,
            Clock clock,
            RandomGenerator random,
            InsightsStatistics statistics) {
        this.settings = settings;
        this.tokens = tokens;
        this.isRoomOf = isRoomOf;
        this.events = events;
        this.clock = clock;
        this.random = random;
        this.statistics = statistics;
        this.rate = new Rate(settings.eventsPerSecond(), settings.eventsBurst());
        this.budget = new TokenBucket(rate, clock.instant());
    }

    /** Handles a frame. The result is the answer; empty if there is none. */
    CompletionStage<Optional<Reply>> onText(String text) {
        if (isOver) {
            return none();
        }
        InsightsFrameReader.Read read = InsightsFrameReader.read(text, settings.frameCharsMax());
        InsightsFrame frame = read.frame();
        if (frame == null) {
            return fault(read.fault() == null ? InsightsFault.NOT_JSON : read.fault());
        }
        Publisher known = publisher;
        if (frame instanceof InsightsFrame.Connect connect) {
            return known == null ? onConnect(connect) : fault(InsightsFault.UNEXPECTED);
        }
        if (known == null) {
            return fault(InsightsFault.UNEXPECTED);
        }
        onEvent(known, (InsightsFrame.Event) frame);
        return none();
    }

    /** Handles a frame that is not text. */
    CompletionStage<Optional<Reply>> onBinary() {
        return isOver ? none() : fault(InsightsFault.NOT_JSON);
    }

    private CompletionStage<Optional<Reply>> onConnect(InsightsFrame.Connect connect) {
        AccessTokens.Check check = tokens.check(connect.token());
        AccessToken token = check.token();
        if (token == null) {
            TokenError error = check.error() == null ? TokenError.INVALID : check.error();
            return refused(error.code(), error.message());
        }
        return isRoomOf.apply(token.account(), connect.room())
                .handle((isItsRoom, failure) -> {
                    if (failure != null) {
                        return refused(RoomError.BUSY.code(), RoomError.BUSY.message());
                    }
                    return isItsRoom
                            ? accepted(token.account(), connect)
                            : refused(RoomError.ROOM_NOT_FOUND.code(), RoomError.ROOM_NOT_FOUND.message());
                })
                .thenCompose(reply -> reply);
    }

    private CompletionStage<Optional<Reply>> accepted(AccountSid account, InsightsFrame.Connect connect) {
        byte[] id = new byte[SESSION_BYTES];
        random.nextBytes(id);
        Publisher accepted = new Publisher(
                account,
                connect.room(),
                connect.participant(),
                "insights-" + HexFormat.of().formatHex(id));
        publisher = accepted;
        statistics.onAccepted();
        Instant now = clock.instant();
        store(
                accepted,
                new InsightsFrame.Event(PUBLISHER_GROUP, PUBLISHER_NAME, "info", now, connect.publisher()),
                now);
        ObjectNode reply = JSON.createObjectNode();
        reply.put("type", "connected");
        reply.put("session", accepted.session());
        reply.put("version", VERSION);
        return CompletableFuture.completedFuture(Optional.of(new Reply(write(reply), false)));
    }

    private void onEvent(Publisher from, InsightsFrame.Event event) {
        Instant now = clock.instant();
        if (budget.take(rate, now).isZero()) {
            store(from, event, now);
        } else {
            statistics.onDropped(InsightsDrop.RATE, 1);
        }
    }

    private void store(Publisher from, InsightsFrame.Event event, Instant now) {
        events.accept(new InsightsEvent(
                from.account(),
                from.room(),
                from.participant(),
                from.session(),
                event.group(),
                event.name(),
                event.level(),
                event.happenedAt(),
                now,
                event.payload()));
    }

    private CompletionStage<Optional<Reply>> fault(InsightsFault fault) {
        statistics.onFault(fault);
        return end(53004, "Client sent an invalid signaling message");
    }

    private CompletionStage<Optional<Reply>> refused(int code, String message) {
        statistics.onRefused();
        return end(code, message);
    }

    private CompletionStage<Optional<Reply>> end(int code, String message) {
        isOver = true;
        ObjectNode error = JSON.createObjectNode();
        error.put("type", "error");
        error.put("code", code);
        error.put("message", message);
        error.put("version", VERSION);
        return CompletableFuture.completedFuture(Optional.of(new Reply(write(error), true)));
    }

    private static CompletionStage<Optional<Reply>> none() {
        return CompletableFuture.completedFuture(Optional.empty());
    }

    private static String write(ObjectNode message) {
        try {
            return JSON.writeValueAsString(message);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("a message without objects of ours cannot be written", impossible);
        }
    }
}
