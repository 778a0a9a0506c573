package org.rotunda.load.gatling;

import static io.gatling.javaapi.core.CoreDsl.asLongAs;
import static io.gatling.javaapi.core.CoreDsl.exec;
import static io.gatling.javaapi.core.CoreDsl.jsonPath;
import static io.gatling.javaapi.core.CoreDsl.pause;
import static io.gatling.javaapi.http.HttpDsl.http;
import static io.gatling.javaapi.http.HttpDsl.ws;

import io.gatling.javaapi.core.ChainBuilder;
import io.gatling.javaapi.core.Session;
import io.gatling.javaapi.http.HttpProtocolBuilder;
import io.gatling.javaapi.http.WsFrameCheck;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.function.ToLongFunction;
import org.rotunda.load.client.Tokens;

/** The steps of a signaling session, from which the simulations are composed. */
final class Sessions {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    /**
     * The time between two heartbeats. The SDK sends each heartbeat 200 ms before it is due, so these sessions do so
     * too.
     */
    private static final Duration HEARTBEAT = Duration.ofMillis(Frames.HEARTBEAT_MS - 200);

    private static final String STAY_UNTIL = "stayUntilNanos";
    private static final int ROOM_OF = 4;
    private static final int CLOSED_BY_CLIENT = 1000;
    private static final int CLOSED_HEARTBEATS_MISSED = 3001; // The SDK uses this code for a silent socket.
    private static final AtomicLong USERS = new AtomicLong();
    private static final String RUN = UUID.randomUUID().toString().substring(0, 8);

    private Sessions() {}

    static HttpProtocolBuilder protocol() {
        return http.wsBaseUrl(Target.webSocketUrl());
    }

    /** Gives a new user an identity, a token and the name of a room that four users share. */
    static ChainBuilder arrive() {
        return exec(session -> {
            long ordinal = USERS.getAndIncrement();
            String identity = "user-" + RUN + "-" + ordinal;
            return session.set("token", Tokens.forAnyRoom(identity))
                    .set("room", "storm-" + RUN + "-" + ordinal / ROOM_OF)
                    .set("connection", UUID.randomUUID().toString());
        });
    }

    /** Opens the socket, asks the gateway to check the token, and joins the room. */
    static ChainBuilder join() {
        return exec(ws("open a socket").connect("/signaling"))
                .exec(ws("check the token")
                        .sendText(session -> Frames.helloWithIce(text(session, "token")))
                        .await(PATIENCE)
                        .on(answer("iced")))
                .exitHereIfFailed()
                .exec(ws("join")
                        .sendText(session -> Frames.connect(
                                text(session, "token"), text(session, "room"), text(session, "connection")))
                        .await(PATIENCE)
                        .on(answer("connected").check(jsonPath("$.body.session").saveAs("session"))))
                .exitHereIfFailed();
    }

    /** Stays in the room for this long and sends heartbeats meanwhile, as the SDK does. */
    static ChainBuilder stay(Duration time) {
        return exec(session -> session.set(STAY_UNTIL, System.nanoTime() + time.toNanos()))
                .exec(stayUntil(session -> session.getLong(STAY_UNTIL)));
    }

    /**
     * Stays in the room until the given moment and sends heartbeats meanwhile.
     *
     * @param momentNanos returns the moment, on the scale of {@link System#nanoTime}; called again before each
     *     heartbeat
     */
    static ChainBuilder stayUntil(LongSupplier momentNanos) {
        return stayUntil(session -> momentNanos.getAsLong());
    }

    private static ChainBuilder stayUntil(ToLongFunction<Session> momentNanos) {
        return exec(asLongAs(session -> leftNanos(momentNanos, session) > HEARTBEAT.toNanos())
                        .on(pause(HEARTBEAT).exec(ws("heartbeat").sendText(session -> Frames.heartbeat()))))
                .exec(pause(session -> Duration.ofNanos(Math.max(0, leftNanos(momentNanos, session)))));
    }

    private static long leftNanos(ToLongFunction<Session> momentNanos, Session session) {
        return momentNanos.applyAsLong(session) - System.nanoTime();
    }

    /** Closes the socket with the code that the SDK uses for a silent socket. */
    static ChainBuilder loseSocket() {
        return exec(ws("lose the socket").close(CLOSED_HEARTBEATS_MISSED, "heartbeats missed"));
    }

    /** Resumes the session on another socket. */
    static ChainBuilder resume() {
        return exec(ws("open another socket").connect("/signaling"))
                .exec(ws("resume")
                        .sendText(session -> Frames.helloWithSync(
                                text(session, "token"),
                                text(session, "room"),
                                text(session, "session"),
                                text(session, "connection")))
                        .await(PATIENCE)
                        .on(answer("synced")))
                .exitHereIfFailed();
    }

    static ChainBuilder leave() {
        return exec(ws("leave").sendText(session -> Frames.disconnect(text(session, "session"))))
                .exec(ws("say goodbye").sendText(session -> Frames.bye()))
                .exec(ws("close the socket").close(CLOSED_BY_CLIENT, "bye"));
    }

    private static WsFrameCheck.Text answer(String type) {
        return ws.checkTextMessage(type)
                .matching(jsonPath("$.body.type").is(type))
                .check(jsonPath("$.body.type").is(type));
    }

    private static String text(Session session, String name) {
        return String.valueOf(session.getString(name));
    }
}
