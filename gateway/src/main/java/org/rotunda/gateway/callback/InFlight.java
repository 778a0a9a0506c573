package org.rotunda.gateway.callback;

import java.util.HashMap;
import java.util.Map;
import org.rotunda.room.protocol.AccountSid;

/** Counts the callbacks that this gateway is sending, by account. Used by one actor. */
final class InFlight {
    private final int max;
    private final Map<AccountSid, Integer> counts = new HashMap<>();
    private int total;

    InFlight(int max) {
        this.max = max;
    }

    void begin(AccountSid account) {
        counts.merge(account, 1, Integer::sum);
        total++;
    }

    /** Counts the end of a callback. An end without a beginning, as after a restart of the actor, changes nothing. */
    void end(AccountSid account) {
        if (counts.containsKey(account)) {
            counts.computeIfPresent(account, (same, count) -> count == 1 ? null : count - 1);
            total--;
        }
    }

    int total() {
        return total;
    }

    /** Returns how many more callbacks may be sent at the same time. */
    int free() {
        return max - total;
    }

    Map<AccountSid, Integer> counts() {
        return Map.copyOf(counts);
    }
}
