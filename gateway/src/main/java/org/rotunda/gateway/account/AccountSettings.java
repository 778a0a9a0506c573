package org.rotunda.gateway.account;

import com.typesafe.config.Config;
import java.time.Duration;
import java.util.List;
import org.rotunda.room.protocol.Settings;

/** The settings under {@code rotunda.account-store}. {@code reference.conf} explains each key. */
public record AccountSettings(List<String> secretsKeys, Duration refresh, int subaccountsMax, int keysMax) {
    public AccountSettings {
        secretsKeys = List.copyOf(secretsKeys);
        Settings.requirePositive("rotunda.account-store.refresh", refresh);
        if (subaccountsMax < 0 || keysMax < 0) {
            throw new IllegalArgumentException(
                    "rotunda.account-store: subaccounts-max and keys-max must not be negative: " + subaccountsMax + ", "
                            + keysMax);
        }
    }

    /** Reads the settings from the whole configuration of the node. */
    public static AccountSettings from(Config root) {
        Config store = root.getConfig("rotunda.account-store");
        return new AccountSettings(
                store.getStringList("secrets-keys"),
                store.getDuration("refresh"),
                store.getInt("subaccounts-max"),
                store.getInt("keys-max"));
    }

    /** Leaves out the keys. */
    @Override
    public String toString() {
        return "AccountSettings[" + secretsKeys.size() + " keys, refresh=" + refresh + ", subaccountsMax="
                + subaccountsMax + ", keysMax=" + keysMax + "]";
    }
}
