package org.rotunda.gateway.rest;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.rotunda.room.protocol.AccountSid;
import org.rotunda.room.protocol.CreateAttempt;
import org.rotunda.room.protocol.RoomProperties;

/**
 * The creates of rooms that this gateway has answered with a 5xx. Such a create may have made a room of which the caller
 * knows nothing, and Twilio's helper libraries repeat the request within a second. The next equal request therefore
 * continues under the SID of the earlier one, so that both together make one room. Each attempt is continued at most
 * once. Safe to use from any thread.
 */
final class UnansweredCreates {
    /**
     * The time within which a repeat is expected. Helper libraries give up after 30 s. The shortest time after which an
     * unused room ends is 60 s, so the room of the attempt is still there.
     */
    static final Duration KEPT = Duration.ofSeconds(30);

    /** The maximum number of attempts. If there are more, the oldest ones are forgotten. */
    static final int KEPT_MAX = 10_000;

    private final Clock clock;
    private final Map<Request, Deque<Entry>> entries = new HashMap<>();
    private final Deque<Entry> byAge = new ArrayDeque<>();

    UnansweredCreates(Clock clock) {
        this.clock = clock;
    }

    /** The content of a create. Two creates with the same content may be one create and its repeat. */
    record Request(AccountSid account, String uniqueName, RoomProperties properties) {}

    private record Entry(Request request, CreateAttempt attempt, Instant until) {}

    /** Adds an attempt that was answered with a 5xx. */
    synchronized void add(Request request, CreateAttempt attempt) {
        Instant now = clock.instant();
        Entry entry = new Entry(request, attempt, now.plus(KEPT));
        entries.computeIfAbsent(request, key -> new ArrayDeque<>()).add(entry);
        byAge.add(entry);
        forgetOld(now);
    }

    /** Removes and returns the oldest attempt with this content, so that the caller can continue it. */
    synchronized Optional<CreateAttempt> take(Request request) {
        forgetOld(clock.instant());
        Deque<Entry> equal = entries.get(request);
        if (equal == null) {
            return Optional.empty();
        }
        Entry oldest = equal.remove();
        byAge.remove(oldest);
        if (equal.isEmpty()) {
            entries.remove(request);
        }
        return Optional.of(oldest.attempt());
    }

    private void forgetOld(Instant now) {
        while (!byAge.isEmpty()
                && (byAge.size() > KEPT_MAX || !now.isBefore(byAge.element().until()))) {
            Entry oldest = byAge.remove();
            Deque<Entry> equal = entries.get(oldest.request());
            if (equal != null) {
                equal.remove(oldest);
                if (equal.isEmpty()) {
                    entries.remove(oldest.request());
                }
            }
        }
    }
}
