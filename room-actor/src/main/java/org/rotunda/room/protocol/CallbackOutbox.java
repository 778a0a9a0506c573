package org.rotunda.room.protocol;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;
import org.jspecify.annotations.Nullable;
import org.rotunda.room.protocol.StatusCallback.FailedAttempt;

/**
 * The durable queues of status callbacks, one for each room. A gateway claims the first callback of a queue, sends it,
 * and reports the result. No other gateway gets a callback of that room until the report, or until the claim lapses. So
 * the callbacks of a room are sent one after the other and in order.
 *
 * <p>Safe to call from any thread. While the database is away, the stages fail as busy.
 */
public interface CallbackOutbox {

    /**
     * A request for callbacks that are due.
     *
     * @param max the greatest number of callbacks to take
     * @param accountMax the greatest number of callbacks of one account that the gateway sends at the same time
     * @param inFlight the number of callbacks of each account that the gateway is sending now
     * @param until the time at which the claims lapse
     */
    record ClaimRequest(int max, int accountMax, Map<AccountSid, Integer> inFlight, Instant until) {
        public ClaimRequest {
            inFlight = Map.copyOf(inFlight);
        }

        /** Returns how many more callbacks of the account the gateway may send. */
        public int free(AccountSid account) {
            return accountMax - inFlight.getOrDefault(account, 0);
        }
    }

    /**
     * A callback that a gateway may send now.
     *
     * @param claim names the claim; a report with a claim that has lapsed and was taken over changes nothing
     * @param until the time at which the claim lapses
     */
    record Claimed(String claim, StatusCallback callback, Instant until) {}

    /**
     * The claimed callbacks, each of another room.
     *
     * @param more true if further callbacks may be due
     */
    record Claims(List<Claimed> taken, boolean more) {
        public Claims {
            taken = List.copyOf(taken);
        }
    }

    /** Takes callbacks that are due. The rooms whose callbacks wait for the longest time come first. */
    CompletionStage<Claims> claim(ClaimRequest request);

    /**
     * Notes that a callback was delivered.
     *
     * @param until how long the next callback of the room is claimed; null to give the room up
     * @return the next callback of the room, if there is one and {@code until} is not null
     */
    CompletionStage<Optional<Claimed>> delivered(Claimed claimed, @Nullable Instant until);

    /** Notes that an attempt has failed, and gives the room up. The callback is due again at the given time. */
    CompletionStage<Done> retry(Claimed claimed, FailedAttempt attempt, Instant dueAt);

    /**
     * Notes that the last attempt has failed. The callback stays in the log as failed.
     *
     * @param until how long the next callback of the room is claimed; null to give the room up
     * @return the next callback of the room, if there is one and {@code until} is not null
     */
    CompletionStage<Optional<Claimed>> giveUp(Claimed claimed, FailedAttempt attempt, @Nullable Instant until);

    /**
     * Deletes failed callbacks whose last attempt was before the given time, up to a bound, and the queues of ended
     * rooms that have become empty. Returns the number of deleted callbacks.
     */
    CompletionStage<Integer> prune(Instant before);
}
