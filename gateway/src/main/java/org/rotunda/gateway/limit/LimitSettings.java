package org.rotunda.gateway.limit;

import com.typesafe.config.Config;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.rotunda.room.protocol.AccountSid;

/**
 * The settings of request rates, under {@code rotunda.limits}. {@code reference.conf} explains each key. The same section
 * has the quotas of accounts, which the rooms read.
 *
 * @param rates the limits of every account without a limit of its own
 * @param accounts the limits of single accounts
 * @param burst the time whose requests may come at once
 * @param failuresPerMinute the failures of one address; 0 if there is no limit
 */
public record LimitSettings(Rates rates, Map<AccountSid, Rates> accounts, Duration burst, int failuresPerMinute) {
    /** The longest time whose requests may come at once. */
    private static final Duration BURST_MAX = Duration.ofMinutes(1);

    /** The rates of one account in requests per second; 0 means no limit. */
    public record Rates(int reads, int writes, int connects) {
        public Rates {
            require(reads, "reads-per-second");
            require(writes, "writes-per-second");
            require(connects, "connects-per-second");
        }

        private static Rates from(Config section, Rates otherwise) {
            return new Rates(
                    number(section, "reads-per-second", otherwise.reads),
                    number(section, "writes-per-second", otherwise.writes),
                    number(section, "connects-per-second", otherwise.connects));
        }

        private static int number(Config section, String key, int otherwise) {
            return section.hasPath(key) ? section.getInt(key) : otherwise;
        }
    }

    public LimitSettings {
        accounts = Map.copyOf(accounts);
        require(failuresPerMinute, "failures-per-minute");
        if (burst.isNegative() || burst.isZero() || burst.compareTo(BURST_MAX) > 0) {
            throw new IllegalArgumentException(
                    "rotunda.limits.burst must be positive and at most " + BURST_MAX.toSeconds() + " s: " + burst);
        }
    }

    private static void require(int limit, String key) {
        if (limit < 0) {
            throw new IllegalArgumentException("rotunda.limits." + key + " must not be negative: " + limit);
        }
    }

    /** Reads the settings from the whole configuration of the node. */
    public static LimitSettings from(Config root) {
        Config limits = root.getConfig("rotunda.limits");
        Rates rates = Rates.from(limits, new Rates(0, 0, 0));
        Map<AccountSid, Rates> accounts = new HashMap<>();
        for (Config own : limits.getConfigList("accounts")) {
            AccountSid account = new AccountSid(own.getString("account"));
            if (accounts.put(account, Rates.from(own, rates)) != null) {
                throw new IllegalArgumentException("rotunda.limits.accounts names an account twice: " + account);
            }
        }
        return new LimitSettings(rates, accounts, limits.getDuration("burst"), limits.getInt("failures-per-minute"));
    }

    /** Returns the rates of an account. */
    Rates of(AccountSid account) {
        return accounts.getOrDefault(account, rates);
    }
}
