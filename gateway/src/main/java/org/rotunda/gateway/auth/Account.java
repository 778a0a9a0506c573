package org.rotunda.gateway.auth;

import java.util.List;
import org.rotunda.room.protocol.AccountSid;

/** Who owns rooms: the passwords of its REST API and the keys that sign its access tokens. */
public record Account(AccountSid sid, List<Secret> authTokens, List<ApiKey> keys) {
    public Account {
        authTokens = List.copyOf(authTokens);
        keys = List.copyOf(keys);
    }
}
