package org.rotunda.gateway;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.rotunda.gateway.account.AccountAdmin;
import org.rotunda.gateway.account.AccountDirectory;
import org.rotunda.gateway.account.AccountRefresher;
import org.rotunda.gateway.account.AccountSettings;
import org.rotunda.gateway.account.AccountStatistics;
import org.rotunda.gateway.auth.SecretBox;
import org.rotunda.room.protocol.AccountStore;
import org.rotunda.room.protocol.AccountStore.AccountRow;

/**
 * The parts of a gateway that know the accounts.
 *
 * @param loaded completed when the directory contains the accounts of the database
 */
record GatewayAccounts(
        AccountDirectory directory, AccountAdmin admin, AccountStatistics statistics, CompletionStage<Done> loaded) {
    /** The time after which the answer to a change no longer waits until this node has read the change. */
    private static final Duration REFRESH_MAX = Duration.ofSeconds(5);

    /** Starts the actor that reads the accounts from the database. */
    static GatewayAccounts start(ActorSystem<?> system, AccountStore store, GatewaySettings settings, Clock clock) {
        SecureRandom random = new SecureRandom();
        AccountSettings accountSettings = settings.accountStore();
        SecretBox secrets = new SecretBox(accountSettings.secretsKeys(), random);
        AccountStatistics statistics = new AccountStatistics(clock);
        AccountDirectory directory = new AccountDirectory(settings.accounts(), secrets, statistics);
        CompletableFuture<Done> loaded = new CompletableFuture<>();
        List<AccountRow> configured = settings.accounts().all().stream()
                .map(account -> AccountAdmin.configured(account.sid(), clock))
                .toList();
        ActorRef<AccountRefresher.Command> refresher = system.systemActorOf(
                AccountRefresher.create(store, configured, directory, accountSettings, statistics, loaded),
                "account-refresher",
                Props.empty());
        AccountAdmin admin = new AccountAdmin(
                store,
                secrets,
                directory,
                accountSettings,
                () -> AskPattern.ask(refresher, AccountRefresher.Refresh::new, REFRESH_MAX, system.scheduler()),
                clock,
                random);
        return new GatewayAccounts(directory, admin, statistics, loaded);
    }
}
