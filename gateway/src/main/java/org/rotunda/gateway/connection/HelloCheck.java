package org.rotunda.gateway.connection;

import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.rotunda.gateway.signal.ServerFrame;

/**
 * Decides at each hello whether the client is served or sent away, and whether a client that is sent away retries on
 * this socket. Owned by one session.
 */
final class HelloCheck {
    /**
     * The maximum number of busy answers on one socket while the database is unreachable. The last of these answers
     * makes the client retry on a new socket. The other answers make it retry on the same socket.
     */
    static final int AWAY_ON_SOCKET_MAX = 5;

    private final SessionContext shared;
    private final boolean busy;
    private final SessionLog log;
    private boolean isLogged; // A client that repeats its hello must not fill the log.
    private int sentAway; // The number of hellos refused because the database was unreachable.

    /** @param busy true if the client is sent away to another node */
    HelloCheck(SessionContext shared, boolean busy, SessionLog log) {
        this.shared = shared;
        this.busy = busy;
        this.log = log;
    }

    /** Returns the frame that sends the client away, or null if the client is served. */
    ServerFrame.@Nullable Busy onHello() {
        if (busy) {
            if (!isLogged) {
                isLogged = true;
                log.sentAway("node is full or stops");
            }
            shared.statistics().onBusy();
            // A new socket may reach another node.
            return new ServerFrame.Busy(shared.settings().busyRetry().toMillis(), false);
        }
        return shared.rooms().isAway() ? awayFromDatabase() : null;
    }

    /**
     * Returns the frame that makes the client come back later, because nobody can join or resume without the database.
     * A retry on this socket is cheap. Every fifth retry uses a new socket, because another gateway may still reach the
     * database.
     */
    private ServerFrame.Busy awayFromDatabase() {
        shared.statistics().onBusy();
        sentAway++;
        long afterMs = shared.settings().awayRetry().toMillis();
        long jitteredMs = afterMs + ThreadLocalRandom.current().nextLong(afterMs);
        return new ServerFrame.Busy(jitteredMs, sentAway % AWAY_ON_SOCKET_MAX != 0);
    }
}
