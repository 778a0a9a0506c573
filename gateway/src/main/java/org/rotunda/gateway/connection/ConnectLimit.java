package org.rotunda.gateway.connection;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.rotunda.gateway.auth.AccessToken;
import org.rotunda.gateway.signal.ClientMessage;
import org.rotunda.gateway.signal.ServerFrame;
import org.rotunda.room.protocol.AccountSid;

/**
 * Makes a client wait whose account connects more often than its rate allows. The client is told so before the welcome,
 * because only then it understands {@code busy}: it waits and says hello again on the same socket, and its application
 * hears of nothing. A resume never waits, since a call that goes on needs it. Owned by one session.
 */
final class ConnectLimit {
    /** The longest pause before a client says hello again. */
    static final Duration PAUSE_MAX = Duration.ofSeconds(5);

    private final SessionContext shared;
    private final SessionLog log;
    private boolean isCounted; // The connect of this socket is counted. A client sends ice and connect for one connect.
    private @Nullable AccountSid account; // Of the last checked token.
    private int sentAway; // The number of hellos in a row that had to wait.

    ConnectLimit(SessionContext shared, SessionLog log) {
        this.shared = shared;
        this.log = log;
    }

    /** Returns the frame that makes the client wait, or null if the hello is served. */
    ServerFrame.@Nullable Busy onHello(@Nullable ClientMessage body) {
        Duration wait = take(body);
        if (wait.isZero()) {
            return null;
        }
        if (sentAway == 0) { // A client that repeats its hello must not fill the log.
            log.sentAway("account connects too often");
        }
        shared.statistics().onBusy();
        long pauseMs = pause(wait).toMillis();
        sentAway++;
        return new ServerFrame.Busy(pauseMs + ThreadLocalRandom.current().nextLong(pauseMs), true);
    }

    /**
     * Returns whether a connect is beyond the rate that comes after the welcome, and that no hello has announced. Old
     * clients send it so.
     */
    boolean refuses(ClientMessage body) {
        return !take(body).isZero();
    }

    /** Returns the account whose client wants to connect; null if no valid token has said so. */
    @Nullable
    AccountSid account() {
        return account;
    }

    /** Returns the pause after this many refusals; it doubles, because everybody else who waits says hello again, too. */
    private Duration pause(Duration wait) {
        Duration pause = shared.settings().busyRetry();
        for (int i = 0; i < sentAway && pause.compareTo(PAUSE_MAX) < 0; i++) {
            pause = pause.multipliedBy(2);
        }
        Duration longest = pause.compareTo(PAUSE_MAX) > 0 ? PAUSE_MAX : pause;
        return longest.compareTo(wait) > 0 ? longest : wait;
    }

    private Duration take(@Nullable ClientMessage body) {
        String token = tokenOf(body);
        if (isCounted || token == null) {
            return Duration.ZERO;
        }
        AccessToken checked = shared.tokens().check(token).token();
        if (checked == null) {
            return Duration.ZERO; // The client hears what is wrong with its token.
        }
        account = checked.account();
        log.account(checked.account());
        Duration wait = shared.limits().connect(checked.account());
        isCounted = wait.isZero();
        return wait;
    }

    private static @Nullable String tokenOf(@Nullable ClientMessage body) {
        if (body instanceof ClientMessage.Ice ice) {
            return ice.token();
        }
        return body instanceof ClientMessage.Connect connect ? connect.token() : null;
    }
}
