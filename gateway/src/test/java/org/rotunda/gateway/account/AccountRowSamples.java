package org.rotunda.gateway.account;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.rotunda.room.protocol.AccountSid;
import org.rotunda.room.protocol.AccountStatus;
import org.rotunda.room.protocol.AccountStore.AccountRow;
import org.rotunda.room.protocol.AccountStore.KeyRow;

/** Ready-made rows. Their secrets are not encrypted. */
final class AccountRowSamples {
    static final AccountSid PARENT = new AccountSid("AC" + "1".repeat(32));
    static final AccountSid SUBACCOUNT = new AccountSid("AC" + "2".repeat(32));
    static final String KEY = "SK" + "3".repeat(32);
    static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");

    private AccountRowSamples() {}

    static AccountRow parent(Map<String, String> roomSettings) {
        return new AccountRow(PARENT, null, "parent", AccountStatus.ACTIVE, null, null, roomSettings, NOW, NOW);
    }

    /** Returns a subaccount of {@link #PARENT} with the auth token {@code first}. */
    static AccountRow subaccount(AccountStatus status, @Nullable String secondaryToken) {
        return new AccountRow(
                SUBACCOUNT,
                PARENT,
                "sub",
                status,
                "p1:first",
                secondaryToken,
                Map.of("MaxParticipants", "7"),
                NOW,
                NOW);
    }

    /** Returns a key with the secret {@code hush}. */
    static KeyRow key(AccountSid account, @Nullable Instant revokedAt) {
        return new KeyRow(KEY, account, "key", "p1:hush", NOW, NOW, revokedAt);
    }
}
