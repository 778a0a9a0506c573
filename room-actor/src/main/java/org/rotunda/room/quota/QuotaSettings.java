package org.rotunda.room.quota;

import com.typesafe.config.Config;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.rotunda.room.protocol.AccountSid;
import org.rotunda.room.protocol.Settings;

/**
 * The settings of quotas, under {@code rotunda.limits}. {@code reference.conf} explains each key.
 *
 * @param quota the quotas of every account without quotas of its own
 * @param accounts the quotas of single accounts
 * @param seatTimeout how long a room waits for a seat
 * @param seatRenewal how often a room repeats which seats it has
 * @param silenceMax how long the entity of an account must be silent until rooms admit without it
 */
public record QuotaSettings(
        Quota quota, Map<AccountSid, Quota> accounts, Duration seatTimeout, Duration seatRenewal, Duration silenceMax) {
    /** A room that has not repeated its seats for this many renewals is gone, and its seats are free. */
    static final int RENEWALS_MISSED_MAX = 5;

    public QuotaSettings {
        accounts = Map.copyOf(accounts);
        Settings.requirePositive("rotunda.limits.seat-timeout", seatTimeout);
        Settings.requirePositive("rotunda.limits.seat-renewal", seatRenewal);
        if (silenceMax.isNegative()) {
            throw new IllegalArgumentException("rotunda.limits.silence-max must not be negative: " + silenceMax);
        }
    }

    /** Reads the settings from the {@code rotunda} section. */
    public static QuotaSettings from(Config rotunda) {
        Config limits = rotunda.getConfig("limits");
        Quota quota = quota(limits, new Quota(0, 0, 0));
        Map<AccountSid, Quota> accounts = new HashMap<>();
        for (Config own : limits.getConfigList("accounts")) {
            accounts.put(new AccountSid(own.getString("account")), quota(own, quota));
        }
        return new QuotaSettings(
                quota,
                accounts,
                limits.getDuration("seat-timeout"),
                limits.getDuration("seat-renewal"),
                limits.getDuration("silence-max"));
    }

    private static Quota quota(Config section, Quota otherwise) {
        return new Quota(
                number(section, "concurrent-rooms", otherwise.rooms()),
                number(section, "concurrent-participants", otherwise.participants()),
                number(section, "concurrent-go-participants", otherwise.goParticipants()));
    }

    private static int number(Config section, String key, int otherwise) {
        return section.hasPath(key) ? section.getInt(key) : otherwise;
    }

    /** Returns the quotas of an account. */
    Quota of(AccountSid account) {
        return accounts.getOrDefault(account, quota);
    }

    /** Returns after which time without a word from a room its seats are free. */
    Duration goneAfter() {
        return seatRenewal.multipliedBy(RENEWALS_MISSED_MAX);
    }
}
