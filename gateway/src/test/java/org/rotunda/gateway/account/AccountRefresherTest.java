package org.rotunda.gateway.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rotunda.gateway.account.AccountRowSamples.KEY;
import static org.rotunda.gateway.account.AccountRowSamples.NOW;
import static org.rotunda.gateway.account.AccountRowSamples.PARENT;
import static org.rotunda.gateway.account.AccountRowSamples.key;
import static org.rotunda.gateway.account.AccountRowSamples.parent;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.Done;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.rotunda.gateway.auth.Account;
import org.rotunda.gateway.auth.Accounts;
import org.rotunda.gateway.auth.SecretBox;
import org.rotunda.gateway.testkit.FakeAccounts;

/** Tests when the accounts are read from the database, and what a failure of the database does. */
class AccountRefresherTest {
    private static final Duration SOON = Duration.ofMillis(20);
    private static final Duration NEVER = Duration.ofHours(2);

    private final ActorTestKit kit = ActorTestKit.create(ManualTime.config());
    private final ManualTime time = ManualTime.get(kit.system());
    private final TestProbe<Done> probe = kit.createTestProbe();
    private final FakeAccounts store = new FakeAccounts();
    private final AccountStatistics statistics = new AccountStatistics(Clock.systemUTC());
    private final AccountDirectory directory = new AccountDirectory(
            new Accounts(List.of(Account.configured(PARENT, List.of(), List.of()))),
            new SecretBox(List.of(), new SecureRandom()),
            statistics);
    private final CompletableFuture<Done> loaded = new CompletableFuture<>();

    private ActorRef<AccountRefresher.Command> start(Duration refresh) {
        return kit.spawn(AccountRefresher.create(
                store,
                List.of(parent(Map.of())),
                directory,
                new AccountSettings(List.of(), refresh, 10, 10),
                statistics,
                loaded));
    }

    @AfterEach
    void stop() {
        kit.shutdownTestKit();
    }

    /** Lets intervals pass until the assertion holds. */
    private void await(Runnable assertion) {
        probe.awaitAssert(() -> {
            time.timePasses(SOON);
            assertion.run();
            return null;
        });
    }

    private void awaitKey(boolean isKnown) {
        await(() -> assertThat(directory.get().key(KEY).isPresent()).isEqualTo(isKnown));
    }

    @Test
    void readsTheChangesOfOtherNodesAfterTheInterval() {
        start(SOON);
        loaded.join();
        assertThat(store.accounts()).containsExactly(parent(Map.of()));

        store.put(key(PARENT, null));
        awaitKey(true);
        store.put(key(PARENT, NOW));
        awaitKey(false);
    }

    @Test
    void readsAChangeOfThisNodeAtOnce() {
        ActorRef<AccountRefresher.Command> refresher = start(NEVER);
        loaded.join();

        store.put(key(PARENT, null));
        refresher.tell(new AccountRefresher.Refresh(probe.ref()));

        probe.expectMessage(Done.getInstance());
        assertThat(directory.get().key(KEY)).isPresent();
    }

    @Test
    void keepsTheLastStateWhileTheDatabaseIsAwayAndReadsEverythingAfterwards() {
        start(SOON);
        loaded.join();
        store.put(key(PARENT, null));
        awaitKey(true);

        store.away(true);
        await(() -> assertThat(statistics.refreshFailures()).isGreaterThan(2));
        assertThat(directory.get().key(KEY)).isPresent();

        // Meanwhile the key was revoked and its row was deleted.
        store.delete(KEY);
        store.away(false);
        awaitKey(false);
    }

    @Test
    void readsEverythingWhenTheDatabaseIsAnOlderCopy() {
        ActorRef<AccountRefresher.Command> refresher = start(NEVER);
        loaded.join();
        store.put(key(PARENT, null));
        refresher.tell(new AccountRefresher.Refresh(probe.ref()));
        probe.expectMessage(Done.getInstance());

        store.delete(KEY);
        store.rewind(1);
        refresher.tell(new AccountRefresher.Refresh(probe.ref()));

        probe.expectMessage(Done.getInstance());
        awaitKey(false);
    }

    @Test
    void forgetsDeletedRowsWithinAnHour() {
        ActorRef<AccountRefresher.Command> refresher = start(NEVER);
        loaded.join();
        store.put(key(PARENT, null));
        refresher.tell(new AccountRefresher.Refresh(probe.ref()));
        probe.expectMessage(Done.getInstance());
        store.delete(KEY);
        refresher.tell(new AccountRefresher.Refresh(probe.ref()));
        probe.expectMessage(Done.getInstance());
        assertThat(directory.get().key(KEY)).as("no change tells of it").isPresent();

        time.timePasses(Duration.ofHours(1));

        awaitKey(false);
    }

    @Test
    void waitsForADatabaseThatIsAwayAtTheStart() {
        store.away(true);
        start(SOON);
        await(() -> assertThat(statistics.refreshFailures()).isPositive());
        assertThat(loaded).isNotDone();

        store.put(key(PARENT, null));
        store.away(false);

        awaitKey(true);
        assertThat(loaded).isDone();
        assertThat(statistics.age()).isLessThan(Duration.ofSeconds(20));
    }

    @Test
    void answersARefreshAlthoughTheDatabaseIsAway() {
        ActorRef<AccountRefresher.Command> refresher = start(NEVER);
        loaded.join();
        store.away(true);

        refresher.tell(new AccountRefresher.Refresh(probe.ref()));
        refresher.tell(new AccountRefresher.Refresh(probe.ref()));

        probe.expectMessage(Done.getInstance());
        probe.expectMessage(Done.getInstance());
    }
}
