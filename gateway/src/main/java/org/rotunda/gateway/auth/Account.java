package org.rotunda.gateway.auth;

import java.util.List;
import org.rotunda.room.protocol.AccountSid;

/** An owner of rooms, with the passwords of the REST API and the keys that sign access tokens. */
public record Account(AccountSid sid, List<Secret> authTokens, List<ApiKey> keys) {
    public Account {
        authTokens = List.copyOf(authTokens);
        keys = List.copyOf(keys);
    }
}
