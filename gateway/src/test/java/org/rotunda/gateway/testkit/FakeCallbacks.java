package org.rotunda.gateway.testkit;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;
import org.jspecify.annotations.Nullable;
import org.rotunda.room.protocol.AccountSid;
import org.rotunda.room.protocol.CallbackLog;
import org.rotunda.room.protocol.CallbackOutbox;
import org.rotunda.room.protocol.CallbackSid;
import org.rotunda.room.protocol.CallbackStatus;
import org.rotunda.room.protocol.RoomError;
import org.rotunda.room.protocol.RoomQueries.Page;
import org.rotunda.room.protocol.RoomQueries.PageRequest;
import org.rotunda.room.protocol.RoomRefusal;
import org.rotunda.room.protocol.RoomSid;
import org.rotunda.room.protocol.StatusCallback;
import org.rotunda.room.protocol.StatusCallback.FailedAttempt;

/**
 * An outbox in memory. A callback whose attempt has failed is due again at once, and claims do not lapse. Safe to call
 * from any thread.
 */
public final class FakeCallbacks implements CallbackOutbox, CallbackLog {
    private final List<StatusCallback> callbacks = new ArrayList<>();
    private final Set<RoomSid> claimed = new HashSet<>();
    private int refusals;

    public synchronized void put(StatusCallback callback) {
        callbacks.add(callback);
    }

    /** Refuses this number of reports, as if the database were away. */
    public synchronized void refuseReports(int count) {
        refusals = count;
    }

    public synchronized List<StatusCallback> all() {
        return List.copyOf(callbacks);
    }

    public synchronized boolean isClaimed(RoomSid room) {
        return claimed.contains(room);
    }

    @Override
    public synchronized CompletionStage<Claims> claim(ClaimRequest request) {
        List<Claimed> taken = new ArrayList<>();
        Map<AccountSid, Integer> counts = new HashMap<>(request.inFlight());
        boolean more = false;
        for (RoomSid room :
                callbacks.stream().map(StatusCallback::room).distinct().toList()) {
            Optional<StatusCallback> first = claimed.contains(room) ? Optional.empty() : first(room);
            if (first.isEmpty()) {
                continue;
            }
            AccountSid account = first.get().account();
            if (taken.size() == request.max() || counts.getOrDefault(account, 0) >= request.accountMax()) {
                more = true;
                continue;
            }
            counts.merge(account, 1, Integer::sum);
            claimed.add(room);
            taken.add(new Claimed("claim", first.get(), request.until()));
        }
        return CompletableFuture.completedFuture(new Claims(taken, more));
    }

    private Optional<StatusCallback> first(RoomSid room) {
        return callbacks.stream()
                .filter(each -> each.room().equals(room) && each.status() == CallbackStatus.WAITING)
                .min(Comparator.comparing(StatusCallback::sequenceNumber));
    }

    @Override
    public synchronized CompletionStage<Optional<Claimed>> delivered(Claimed done, @Nullable Instant until) {
        if (refuses()) {
            return CompletableFuture.failedFuture(new RoomRefusal(RoomError.BUSY));
        }
        callbacks.removeIf(each -> each.sid().equals(done.callback().sid()));
        return next(done, until);
    }

    @Override
    public synchronized CompletionStage<Optional<Claimed>> giveUp(
            Claimed done, FailedAttempt attempt, @Nullable Instant until) {
        if (refuses()) {
            return CompletableFuture.failedFuture(new RoomRefusal(RoomError.BUSY));
        }
        replace(done, attempt, CallbackStatus.FAILED);
        return next(done, until);
    }

    @Override
    public synchronized CompletionStage<Done> retry(Claimed done, FailedAttempt attempt, Instant dueAt) {
        if (refuses()) {
            return CompletableFuture.failedFuture(new RoomRefusal(RoomError.BUSY));
        }
        replace(done, attempt, CallbackStatus.WAITING);
        claimed.remove(done.callback().room());
        return CompletableFuture.completedFuture(Done.getInstance());
    }

    private boolean refuses() {
        if (refusals == 0) {
            return false;
        }
        refusals--;
        return true;
    }

    private CompletionStage<Optional<Claimed>> next(Claimed done, @Nullable Instant until) {
        RoomSid room = done.callback().room();
        Optional<StatusCallback> next = until == null ? Optional.empty() : first(room);
        if (next.isEmpty() || until == null) {
            claimed.remove(room);
            return CompletableFuture.completedFuture(Optional.empty());
        }
        return CompletableFuture.completedFuture(Optional.of(new Claimed(done.claim(), next.get(), until)));
    }

    private void replace(Claimed done, FailedAttempt attempt, CallbackStatus status) {
        StatusCallback old = done.callback();
        callbacks.replaceAll(each -> each.sid().equals(old.sid())
                ? copy(each, status, each.attempts() + 1, each.retriedFrom(), attempt)
                : each);
    }

    /** Returns the callback with other values of what attempts change. */
    public static StatusCallback copy(
            StatusCallback old,
            CallbackStatus status,
            int attempts,
            Instant retriedFrom,
            @Nullable FailedAttempt attempt) {
        return new StatusCallback(
                old.sid(),
                old.room(),
                old.account(),
                old.sequenceNumber(),
                old.event(),
                old.happenedAt(),
                old.url(),
                old.method(),
                old.form(),
                status,
                attempts,
                retriedFrom,
                attempt);
    }

    @Override
    public synchronized CompletionStage<Integer> prune(Instant before) {
        return CompletableFuture.completedFuture(0);
    }

    @Override
    public synchronized CompletionStage<Page<StatusCallback>> callbacks(
            AccountSid account, CallbackFilter filter, PageRequest page) {
        List<StatusCallback> matching = callbacks.stream()
                .filter(each -> each.account().equals(account) && each.status() == filter.status())
                .filter(each -> filter.room() == null || each.room().equals(filter.room()))
                .sorted(Comparator.comparing(StatusCallback::happenedAt)
                        .thenComparing(each -> each.sid().value())
                        .reversed())
                .filter(each -> isAfter(each, page))
                .toList();
        boolean more = matching.size() > page.size();
        return CompletableFuture.completedFuture(new Page<>(more ? matching.subList(0, page.size()) : matching, more));
    }

    private static boolean isAfter(StatusCallback callback, PageRequest page) {
        if (page.afterCreated() == null || page.afterSid() == null) {
            return true;
        }
        int order = callback.happenedAt().compareTo(page.afterCreated());
        return order < 0 || (order == 0 && callback.sid().value().compareTo(page.afterSid()) < 0);
    }

    @Override
    public synchronized CompletionStage<Optional<StatusCallback>> callback(AccountSid account, CallbackSid sid) {
        return CompletableFuture.completedFuture(find(account, sid));
    }

    private Optional<StatusCallback> find(AccountSid account, CallbackSid sid) {
        return callbacks.stream()
                .filter(each -> each.account().equals(account) && each.sid().equals(sid))
                .findFirst();
    }

    @Override
    public synchronized CompletionStage<Optional<StatusCallback>> resend(AccountSid account, CallbackSid sid) {
        find(account, sid)
                .ifPresent(old -> callbacks.set(
                        callbacks.indexOf(old),
                        copy(old, CallbackStatus.WAITING, 0, old.retriedFrom(), old.lastAttempt())));
        return CompletableFuture.completedFuture(find(account, sid));
    }
}
