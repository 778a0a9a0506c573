package org.rotunda.gateway.callback;

import java.util.Optional;
import org.rotunda.gateway.auth.Secret;
import org.rotunda.room.protocol.AccountSid;

/** Finds the auth tokens that sign callbacks. Called from any thread; must not block. */
@FunctionalInterface
public interface SigningTokens {

    /** Returns the primary auth token of the account; empty if the account is unknown or has no auth token. */
    Optional<Secret> of(AccountSid account);
}
