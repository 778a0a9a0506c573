package org.rotunda.gateway.testkit;

import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.apache.pekko.Done;
import org.rotunda.room.protocol.AccountSid;
import org.rotunda.room.protocol.AccountStatus;
import org.rotunda.room.protocol.AccountStore;
import org.rotunda.room.protocol.RoomError;
import org.rotunda.room.protocol.RoomQueries.Page;
import org.rotunda.room.protocol.RoomQueries.PageRequest;
import org.rotunda.room.protocol.RoomRefusal;

/** The tables of accounts and keys in memory. Safe to call from any thread. */
public final class FakeAccounts implements AccountStore {
    private final Map<AccountSid, AccountRow> accounts = new HashMap<>();
    private final Map<String, KeyRow> keys = new HashMap<>();
    private final Map<String, Long> changes = new HashMap<>(); // By the SID of an account or key.
    private long number;
    private boolean away;

    /** Makes every operation fail like one on a database that is away. */
    public synchronized void away(boolean nowAway) {
        away = nowAway;
    }

    /** Forgets changes, as if an older copy of the database had taken its place. */
    public synchronized void rewind(long to) {
        number = to;
    }

    /** Returns the stored rows as they are. */
    public synchronized List<AccountRow> accounts() {
        return List.copyOf(accounts.values());
    }

    /** Returns the stored rows as they are, revoked keys too. */
    public synchronized List<KeyRow> keys() {
        return List.copyOf(keys.values());
    }

    public synchronized void put(AccountRow account) {
        accounts.put(account.sid(), account);
        changes.put(account.sid().value(), ++number);
    }

    public synchronized void put(KeyRow key) {
        keys.put(key.sid(), key);
        changes.put(key.sid(), ++number);
    }

    /** Deletes the row of a key without a change number, as the database does after a while. */
    public synchronized void delete(String key) {
        keys.remove(key);
    }

    @Override
    public CompletionStage<Changes> changesAfter(long after) {
        return answer(() -> new Changes(
                number,
                accounts.values().stream()
                        .filter(row -> changeOf(row.sid().value()) > after)
                        .toList(),
                keys.values().stream()
                        .filter(row -> changeOf(row.sid()) > after)
                        .toList()));
    }

    private long changeOf(String sid) {
        return changes.getOrDefault(sid, 0L);
    }

    @Override
    public CompletionStage<Done> insertAbsent(Collection<AccountRow> rows) {
        return answer(() -> {
            rows.stream().filter(row -> !accounts.containsKey(row.sid())).forEach(this::put);
            return Done.getInstance();
        });
    }

    @Override
    public CompletionStage<Boolean> insert(AccountRow account, int max, Instant closedBefore) {
        return answer(() -> {
            long siblings = accounts.values().stream()
                    .filter(row -> row.parent() != null && row.parent().equals(account.parent()))
                    .filter(row -> row.status() != AccountStatus.CLOSED)
                    .count();
            if (siblings >= max) {
                return false;
            }
            put(account);
            return true;
        });
    }

    @Override
    public CompletionStage<Optional<AccountRow>> update(AccountSid sid, UnaryOperator<AccountRow> change) {
        return answer(() -> {
            Optional<AccountRow> changed =
                    Optional.ofNullable(accounts.get(sid)).map(change);
            changed.ifPresent(this::put);
            return changed;
        });
    }

    @Override
    public CompletionStage<Optional<AccountRow>> account(AccountSid sid) {
        return answer(() -> Optional.ofNullable(accounts.get(sid)));
    }

    @Override
    public CompletionStage<Page<AccountRow>> family(AccountSid parent, AccountFilter filter, PageRequest page) {
        return answer(() -> page(
                accounts.values().stream()
                        .filter(row -> row.sid().equals(parent) || parent.equals(row.parent()))
                        .filter(row -> filter.status() == null || row.status() == filter.status())
                        .filter(row -> filter.friendlyName() == null
                                || row.friendlyName().equals(filter.friendlyName())),
                AccountRow::createdAt,
                row -> row.sid().value(),
                page));
    }

    @Override
    public CompletionStage<Boolean> insert(KeyRow key, int max, Instant revokedBefore) {
        return answer(() -> {
            if (keys.values().stream().filter(inUseBy(key.account())).count() >= max) {
                return false;
            }
            keys.values()
                    .removeIf(row -> row.revokedAt() != null && row.revokedAt().isBefore(revokedBefore));
            put(key);
            return true;
        });
    }

    @Override
    public CompletionStage<Optional<KeyRow>> update(AccountSid account, String sid, UnaryOperator<KeyRow> change) {
        return answer(() -> {
            Optional<KeyRow> changed = inUse(account, sid).map(change);
            changed.ifPresent(this::put);
            return changed;
        });
    }

    @Override
    public CompletionStage<Optional<KeyRow>> key(AccountSid account, String sid) {
        return answer(() -> inUse(account, sid));
    }

    @Override
    public CompletionStage<Page<KeyRow>> keys(AccountSid account, PageRequest page) {
        return answer(
                () -> page(keys.values().stream().filter(inUseBy(account)), KeyRow::createdAt, KeyRow::sid, page));
    }

    private Optional<KeyRow> inUse(AccountSid account, String sid) {
        return Optional.ofNullable(keys.get(sid)).filter(inUseBy(account));
    }

    private static Predicate<KeyRow> inUseBy(AccountSid account) {
        return row -> row.account().equals(account) && row.revokedAt() == null;
    }

    private static <T> Page<T> page(
            Stream<T> rows, Function<T, Instant> created, Function<T, String> sid, PageRequest page) {
        List<T> rest = rows.sorted(
                        Comparator.comparing(created).thenComparing(sid).reversed())
                .filter(row -> {
                    Instant afterCreated = page.afterCreated();
                    String afterSid = page.afterSid();
                    if (afterCreated == null || afterSid == null) {
                        return true;
                    }
                    int order = created.apply(row).compareTo(afterCreated);
                    return order < 0 || (order == 0 && sid.apply(row).compareTo(afterSid) < 0);
                })
                .toList();
        boolean more = rest.size() > page.size();
        return new Page<>(more ? rest.subList(0, page.size()) : rest, more);
    }

    private synchronized <T> CompletionStage<T> answer(Supplier<T> answer) {
        if (away) {
            return CompletableFuture.failedFuture(new RoomRefusal(RoomError.BUSY));
        }
        try {
            return CompletableFuture.completedFuture(answer.get());
        } catch (RuntimeException refused) {
            return CompletableFuture.failedFuture(refused);
        }
    }
}
