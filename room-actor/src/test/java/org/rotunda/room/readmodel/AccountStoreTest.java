package org.rotunda.room.readmodel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.rotunda.room.protocol.AccountSid;
import org.rotunda.room.protocol.AccountStatus;
import org.rotunda.room.protocol.AccountStore;
import org.rotunda.room.protocol.AccountStore.AccountFilter;
import org.rotunda.room.protocol.AccountStore.AccountRow;
import org.rotunda.room.protocol.AccountStore.Changes;
import org.rotunda.room.protocol.AccountStore.KeyRow;
import org.rotunda.room.protocol.RoomQueries.Page;
import org.rotunda.room.protocol.RoomQueries.PageRequest;

/** Tests accounts and keys on a real database. */
class AccountStoreTest {
    private static final long DEADLINE_SECONDS = 30;
    private static final int THREADS = 8;
    private static final Instant NOW = Instant.parse("2026-03-01T10:00:00.123456Z");
    private static final AccountSid PARENT = new AccountSid("AC" + "1".repeat(32));
    private static final AccountSid OTHER = new AccountSid("AC" + "2".repeat(32));
    private static final PageRequest FIRST_PAGE = new PageRequest(50, null, null);
    private static final AccountFilter ALL = new AccountFilter(null, null);

    private final Config config = RoomConfig.complete(ConfigFactory.parseMap(emptyDatabase()));
    private final Database database = Database.open(config.getConfig("rotunda.db"));
    private final ExecutorService blocking = Executors.newFixedThreadPool(THREADS);
    private final JdbcAccountStore store = new JdbcAccountStore(database, blocking);

    /** Returns the settings of an empty database. */
    Map<String, Object> emptyDatabase() {
        return Map.of("rotunda.db.url", "jdbc:h2:mem:accounts-" + System.identityHashCode(this) + ";DB_CLOSE_DELAY=-1");
    }

    @AfterEach
    void close() {
        blocking.shutdownNow();
        database.close();
    }

    private static <T> T await(CompletionStage<T> stage) {
        return stage.toCompletableFuture()
                .orTimeout(DEADLINE_SECONDS, TimeUnit.SECONDS)
                .join();
    }

    private static AccountRow parent(AccountSid sid) {
        return new AccountRow(sid, null, "parent", AccountStatus.ACTIVE, null, null, Map.of(), NOW, NOW);
    }

    private static AccountRow subaccount(int number) {
        return new AccountRow(
                new AccountSid("AC%032x".formatted(number)),
                PARENT,
                "sub " + number,
                AccountStatus.ACTIVE,
                "sealed primary",
                "sealed secondary",
                Map.of("Type", "group", "VideoCodecs", "VP8,H264"),
                NOW.plusSeconds(number),
                NOW);
    }

    private static KeyRow key(int number, @Nullable String name) {
        return new KeyRow(
                "SK%032x".formatted(number), PARENT, name, "sealed secret", NOW.plusSeconds(number), NOW, null);
    }

    private static KeyRow revoked(KeyRow key) {
        return new KeyRow(
                key.sid(), key.account(), key.friendlyName(), key.secret(), key.createdAt(), NOW, NOW.plusSeconds(1));
    }

    private static AccountRow withStatus(AccountRow row, AccountStatus status) {
        return new AccountRow(
                row.sid(),
                row.parent(),
                row.friendlyName(),
                status,
                row.primaryToken(),
                null,
                Map.of(),
                row.createdAt(),
                NOW.plusSeconds(9));
    }

    @Test
    void givesBackWhatWasStored() {
        assertThat(await(store.insert(subaccount(1), 10, NOW))).isTrue();
        assertThat(await(store.insert(key(1, "name"), 10, NOW))).isTrue();
        assertThat(await(store.insert(key(2, null), 10, NOW))).isTrue();

        assertThat(await(store.account(subaccount(1).sid()))).contains(subaccount(1));
        assertThat(await(store.key(PARENT, key(1, null).sid()))).contains(key(1, "name"));
        assertThat(await(store.key(PARENT, key(2, null).sid()))).contains(key(2, null));
        assertThat(await(store.key(OTHER, key(1, null).sid()))).isEmpty();
        assertThat(await(store.account(OTHER))).isEmpty();
    }

    @Test
    void insertsOnlyAccountsThatAreAbsent() {
        await(store.insertAbsent(List.of(parent(PARENT))));
        await(store.update(PARENT, row -> withStatus(row, AccountStatus.SUSPENDED)));
        long number = await(store.changesAfter(0)).number();
        await(store.insertAbsent(List.of(parent(PARENT), parent(OTHER))));

        assertThat(await(store.account(PARENT)).orElseThrow().status()).isEqualTo(AccountStatus.SUSPENDED);
        assertThat(await(store.changesAfter(number)).accounts()).containsExactly(parent(OTHER));
        long last = await(store.changesAfter(0)).number();
        await(store.insertAbsent(List.of(parent(PARENT), parent(OTHER))));
        assertThat(await(store.changesAfter(0)).number())
                .as("nothing has changed")
                .isEqualTo(last);
    }

    @Test
    void tellsWhatHasChangedSinceAChange() {
        Changes none = await(store.changesAfter(0));
        assertThat(none).isEqualTo(new Changes(0, List.of(), List.of()));
        await(store.insert(subaccount(1), 10, NOW));
        await(store.insert(subaccount(2), 10, NOW));
        await(store.insert(key(1, null), 10, NOW));
        Changes all = await(store.changesAfter(0));
        assertThat(all.accounts()).containsExactlyInAnyOrder(subaccount(1), subaccount(2));
        assertThat(all.keys()).containsExactly(key(1, null));
        assertThat(await(store.changesAfter(all.number()))).isEqualTo(new Changes(all.number(), List.of(), List.of()));

        await(store.update(subaccount(2).sid(), row -> withStatus(row, AccountStatus.CLOSED)));
        await(store.update(PARENT, key(1, null).sid(), AccountStoreTest::revoked));
        Changes later = await(store.changesAfter(all.number()));

        assertThat(later.number()).isEqualTo(all.number() + 2);
        assertThat(later.accounts()).containsExactly(withStatus(subaccount(2), AccountStatus.CLOSED));
        assertThat(later.keys()).containsExactly(revoked(key(1, null)));
    }

    @Test
    void aRevokedKeyIsNoLongerFoundOrListedOrChanged() {
        await(store.insert(key(1, null), 10, NOW));
        await(store.insert(key(2, null), 10, NOW));
        await(store.update(PARENT, key(1, null).sid(), AccountStoreTest::revoked));

        assertThat(await(store.key(PARENT, key(1, null).sid()))).isEmpty();
        assertThat(await(store.keys(PARENT, FIRST_PAGE)).records()).containsExactly(key(2, null));
        assertThat(await(store.update(PARENT, key(1, null).sid(), key -> key))).isEmpty();
    }

    @Test
    void anInsertDeletesKeysThatWereRevokedLongAgo() {
        await(store.insert(key(1, null), 10, NOW));
        await(store.update(PARENT, key(1, null).sid(), AccountStoreTest::revoked));
        await(store.insert(key(2, null), 10, NOW));
        assertThat(await(store.changesAfter(0)).keys())
                .as("revoked after that moment")
                .hasSize(2);

        await(store.insert(key(3, null), 10, NOW.plusSeconds(2)));

        assertThat(await(store.changesAfter(0)).keys()).containsExactlyInAnyOrder(key(2, null), key(3, null));
    }

    @Test
    void aChangeThatThrowsChangesNothing() {
        await(store.insert(subaccount(1), 10, NOW));
        long number = await(store.changesAfter(0)).number();

        assertThatThrownBy(() -> await(store.update(subaccount(1).sid(), row -> {
                    throw new IllegalStateException("refused");
                })))
                .hasRootCauseMessage("refused");

        assertThat(await(store.account(subaccount(1).sid()))).contains(subaccount(1));
        assertThat(await(store.changesAfter(0)).number()).isEqualTo(number);
        assertThat(await(store.update(OTHER, row -> row))).isEmpty();
    }

    @Test
    void anInsertDeletesSubaccountsThatWereClosedLongAgoWithTheirKeys() {
        await(store.insertAbsent(List.of(parent(PARENT))));
        await(store.insert(subaccount(1), 10, NOW));
        KeyRow theirs = new KeyRow(key(1, null).sid(), subaccount(1).sid(), null, "sealed", NOW, NOW, null);
        await(store.insert(theirs, 10, NOW));
        await(store.insert(key(2, null), 10, NOW));
        await(store.update(subaccount(1).sid(), row -> withStatus(row, AccountStatus.CLOSED)));
        await(store.insert(subaccount(2), 10, NOW.plusSeconds(9)));
        assertThat(await(store.account(subaccount(1).sid())))
                .as("closed at that moment")
                .isPresent();

        await(store.insert(subaccount(3), 10, NOW.plusSeconds(10)));

        Changes all = await(store.changesAfter(0));
        assertThat(all.accounts()).containsExactlyInAnyOrder(parent(PARENT), subaccount(2), subaccount(3));
        assertThat(all.keys()).containsExactly(key(2, null));
    }

    /** A caller who opens and closes without end must not fill the tables. */
    @Test
    void closedSubaccountsAndRevokedKeysAreLimitedToo() {
        for (int i = 1; i <= AccountStore.DISUSED_FACTOR; i++) {
            assertThat(await(store.insert(subaccount(i), 1, NOW))).isTrue();
            await(store.update(subaccount(i).sid(), row -> withStatus(row, AccountStatus.CLOSED)));
            assertThat(await(store.insert(key(i, null), 1, NOW))).isTrue();
            await(store.update(PARENT, key(i, null).sid(), AccountStoreTest::revoked));
        }

        assertThat(await(store.insert(subaccount(100), 1, NOW))).isFalse();
        assertThat(await(store.insert(key(100, null), 1, NOW))).isFalse();
        assertThat(await(store.insert(subaccount(100), 1, NOW.plusSeconds(10)))).isTrue();
        assertThat(await(store.insert(key(100, null), 1, NOW.plusSeconds(2)))).isTrue();
    }

    /** The limits hold exactly, although all callers come at once and from several nodes. */
    @Test
    void concurrentInsertsNeverExceedTheLimits() {
        List<CompletionStage<Boolean>> inserts = new ArrayList<>();
        for (int i = 1; i <= 3 * THREADS; i++) {
            inserts.add(store.insert(subaccount(i), 5, NOW));
            inserts.add(store.insert(key(i, null), 5, NOW));
        }
        long inserted = inserts.stream().filter(AccountStoreTest::await).count();

        assertThat(inserted).isEqualTo(10);
        Changes all = await(store.changesAfter(0));
        assertThat(all.accounts()).hasSize(5);
        assertThat(all.keys()).hasSize(5);
        await(store.update(all.accounts().get(0).sid(), row -> withStatus(row, AccountStatus.CLOSED)));
        assertThat(await(store.insert(subaccount(100), 5, NOW)))
                .as("closed ones do not count")
                .isTrue();
    }

    /** A node that reads while others write misses no change, in whatever order they are committed. */
    @Test
    void aReaderThatFollowsTheNumbersSeesEveryChange() {
        await(store.insert(subaccount(1), 10, NOW));
        List<CompletionStage<?>> writes = new ArrayList<>();
        for (int i = 1; i <= 40; i++) {
            writes.add(store.insert(key(i, null), 100, NOW));
        }
        List<KeyRow> seen = new ArrayList<>();
        long known = 0;
        boolean isLast = false;
        while (!isLast) {
            isLast = writes.stream()
                    .allMatch(write -> write.toCompletableFuture().isDone());
            Changes changes = await(store.changesAfter(known));
            known = changes.number();
            changes.keys().stream().filter(key -> !seen.contains(key)).forEach(seen::add);
        }

        assertThat(seen).hasSize(40);
    }

    @Test
    void listsAnAccountWithItsSubaccountsByPages() {
        await(store.insertAbsent(List.of(parent(PARENT), parent(OTHER))));
        for (int i = 1; i <= 4; i++) {
            await(store.insert(subaccount(i), 10, NOW));
        }
        List<AccountSid> seen = new ArrayList<>();
        Page<AccountRow> page = await(store.family(PARENT, ALL, new PageRequest(2, null, null)));
        page.records().forEach(row -> seen.add(row.sid()));
        while (page.more()) {
            AccountRow last = page.records().get(page.records().size() - 1);
            page = await(store.family(
                    PARENT, ALL, new PageRequest(2, last.createdAt(), last.sid().value())));
            page.records().forEach(row -> seen.add(row.sid()));
        }

        assertThat(seen)
                .containsExactly(
                        subaccount(4).sid(),
                        subaccount(3).sid(),
                        subaccount(2).sid(),
                        subaccount(1).sid(),
                        PARENT);
        assertThat(await(store.family(PARENT, new AccountFilter(null, "sub 3"), FIRST_PAGE))
                        .records())
                .containsExactly(subaccount(3));
        assertThat(await(store.family(PARENT, new AccountFilter(AccountStatus.CLOSED, null), FIRST_PAGE))
                        .records())
                .isEmpty();
    }

    @Test
    void printsNoSecrets() {
        assertThat(subaccount(1).toString()).doesNotContain("sealed");
        assertThat(key(1, null).toString()).doesNotContain("sealed");
    }
}
