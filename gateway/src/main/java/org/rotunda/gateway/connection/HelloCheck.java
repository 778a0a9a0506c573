package org.rotunda.gateway.connection;

import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.rotunda.gateway.signal.ServerFrame;

/** Whether a client that says hello may come in now, or is to come again and where. Owned by one session. */
final class HelloCheck {
    /** So many hellos on one socket are told to try again there; then the client is to try another. */
    static final int AWAY_ON_SOCKET_MAX = 5;

    private final SessionContext shared;
    private final boolean busy;
    private final SessionLog log;
    private int sentAway; // Hellos answered with busy because the database is away.

    /** @param busy sends the client away to another node */
    HelloCheck(SessionContext shared, boolean busy, SessionLog log) {
        this.shared = shared;
        this.busy = busy;
        this.log = log;
    }

    /** What sends the client away, or null if it may come in. */
    ServerFrame.@Nullable Busy onHello() {
        if (busy) {
            log.sentAway("node is full or stops");
            shared.statistics().onBusy();
            // Not on this socket again: the next one may reach another node.
            return new ServerFrame.Busy(shared.settings().busyRetry().toMillis(), false);
        }
        return shared.rooms().isAway() ? awayFromDatabase() : null;
    }

    /**
     * Nobody can join or resume now. The client comes back by itself: on this socket, which costs it nothing, and after a few times on a
     * new one, because another gateway may still reach the database.
     */
    private ServerFrame.Busy awayFromDatabase() {
        shared.statistics().onBusy();
        sentAway++;
        long afterMs = shared.settings().awayRetry().toMillis();
        long jitteredMs = afterMs + ThreadLocalRandom.current().nextLong(afterMs);
        return new ServerFrame.Busy(jitteredMs, sentAway % AWAY_ON_SOCKET_MAX != 0);
    }
}
