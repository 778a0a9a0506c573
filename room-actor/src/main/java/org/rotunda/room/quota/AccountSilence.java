package org.rotunda.room.quota;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.rotunda.room.protocol.AccountSid;

/**
 * The accounts whose entities do not answer this process, and since when. While the entity of an account moves to another
 * node, it is silent for a few seconds, and rooms let callers try again. If it is silent for longer, something is wrong
 * with the entity, and calls matter more than quotas: rooms then admit without an answer. Safe to use from any thread.
 */
final class AccountSilence {
    private final Duration silenceMax;
    private final Map<AccountSid, Instant> silentSince = new ConcurrentHashMap<>();

    AccountSilence(Duration silenceMax) {
        this.silenceMax = silenceMax;
    }

    /** Notes that a request has got no answer in time. */
    void onUnanswered(AccountSid account, Instant sentAt) {
        silentSince.merge(account, sentAt, (one, other) -> one.isBefore(other) ? one : other);
    }

    void onAnswered(AccountSid account) {
        silentSince.remove(account);
    }

    /** Returns whether the account has been silent for so long that rooms admit without its answer. */
    boolean isLong(AccountSid account, Instant now) {
        Instant since = silentSince.get(account);
        return since != null && !now.isBefore(since.plus(silenceMax));
    }
}
