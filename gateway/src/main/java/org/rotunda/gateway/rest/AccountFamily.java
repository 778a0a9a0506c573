package org.rotunda.gateway.rest;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.rotunda.gateway.account.AccountAdmin;
import org.rotunda.room.protocol.AccountSid;
import org.rotunda.room.protocol.AccountStore.AccountRow;

/** The rules of the account API that several resources share. */
final class AccountFamily {
    static final String PATH = "/2010-04-01/Accounts";
    private static final int FRIENDLY_NAME_CHARS_MAX = 64;

    private AccountFamily() {}

    /**
     * Finds the account in the path: the caller's own account, or a subaccount of it. Every other account is answered
     * like one that does not exist.
     */
    static CompletionStage<AccountRow> target(AccountAdmin admin, ApiRequest request) {
        AccountSid asked = request.accountInPath();
        return admin.account(asked)
                .thenApply(found -> found.filter(row -> asked.equals(request.account())
                                || request.account().equals(row.parent()))
                        .orElseThrow(request::notFound));
    }

    /** Returns the name in the form; null if it is absent. */
    static @Nullable String friendlyName(Parameters form) {
        String name = form.text("FriendlyName");
        if (name != null && name.length() > FRIENDLY_NAME_CHARS_MAX) {
            throw ApiFault.badRequest(20002, "FriendlyName is too long");
        }
        return name;
    }

    static <T> CompletionStage<T> refused(ApiFault fault) {
        return CompletableFuture.failedFuture(fault);
    }
}
