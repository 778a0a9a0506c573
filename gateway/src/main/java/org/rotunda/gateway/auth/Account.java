package org.rotunda.gateway.auth;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.rotunda.room.protocol.AccountSid;
import org.rotunda.room.protocol.AccountStatus;

/**
 * An owner of rooms, with the passwords of the REST API and the keys that sign access tokens.
 *
 * @param parent the account that created this one; null for an account of the configuration
 * @param authTokens the passwords; the first one signs callbacks
 * @param roomSettings the default values of the parameters of a new room, by parameter
 */
public record Account(
        AccountSid sid,
        @Nullable AccountSid parent,
        AccountStatus status,
        List<Secret> authTokens,
        List<ApiKey> keys,
        Map<String, String> roomSettings) {
    public Account {
        authTokens = List.copyOf(authTokens);
        keys = List.copyOf(keys);
        roomSettings = Map.copyOf(roomSettings);
    }

    /** Returns an account of the configuration. */
    public static Account configured(AccountSid sid, List<Secret> authTokens, List<ApiKey> keys) {
        return new Account(sid, null, AccountStatus.ACTIVE, authTokens, keys, Map.of());
    }

    /** Returns whether the account is one of the configuration. */
    public boolean isConfigured() {
        return parent == null;
    }
}
