package org.rotunda.gateway.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.concurrent.CompletionStage;
import org.rotunda.gateway.account.AccountAdmin;
import org.rotunda.gateway.account.AccountAdmin.NewToken;
import org.rotunda.gateway.auth.Secret;
import org.rotunda.room.protocol.AccountStore.AccountRow;

/**
 * The REST resources that exchange the caller's auth token: a second token is created, applications change over to it,
 * and then it becomes the only one. The tokens of an account of the configuration are exchanged in the configuration.
 */
final class AuthTokensApi {
    static final String SECONDARY = "/v1/AuthTokens/Secondary";
    static final String PROMOTE = "/v1/AuthTokens/Promote";

    private final AccountAdmin admin;

    AuthTokensApi(AccountAdmin admin) {
        this.admin = admin;
    }

    CompletionStage<ApiAnswer> createSecondary(ApiRequest request) {
        return admin.addSecondaryToken(request.account(), row -> {
                    requireOwnTokens(row);
                    if (row.secondaryToken() != null) {
                        throw ApiFault.conflict("The account has a secondary auth token already");
                    }
                    return row;
                })
                .thenApply(created -> {
                    NewToken token = created.orElseThrow(request::notFound);
                    // The only answer that shows the secondary token.
                    return new ApiAnswer(
                            201,
                            write(token.account(), request, SECONDARY)
                                    .put("secondary_auth_token", token.token().reveal()));
                });
    }

    CompletionStage<ApiAnswer> deleteSecondary(ApiRequest request) {
        return admin.deleteSecondaryToken(request.account(), row -> requireSecondary(row, request))
                .thenApply(changed -> {
                    if (changed.isEmpty()) {
                        throw request.notFound();
                    }
                    return new ApiAnswer(204, null);
                });
    }

    CompletionStage<ApiAnswer> promote(ApiRequest request) {
        return admin.promoteSecondaryToken(request.account(), row -> requireSecondary(row, request))
                .thenApply(changed -> {
                    AccountRow account = changed.orElseThrow(request::notFound);
                    return new ApiAnswer(
                            200,
                            write(account, request, PROMOTE)
                                    .put(
                                            "auth_token",
                                            admin.authToken(account)
                                                    .map(Secret::reveal)
                                                    .orElse(null)));
                });
    }

    private static AccountRow requireSecondary(AccountRow row, ApiRequest request) {
        requireOwnTokens(row);
        if (row.secondaryToken() == null) {
            throw request.notFound();
        }
        return row;
    }

    private static void requireOwnTokens(AccountRow row) {
        if (row.primaryToken() == null) {
            throw ApiFault.conflict("The auth tokens of this account are in the configuration of the nodes");
        }
    }

    private static ObjectNode write(AccountRow account, ApiRequest request, String path) {
        return Json.object()
                .put("account_sid", account.sid().value())
                .put("date_created", Json.date(account.createdAt()))
                .put("date_updated", Json.date(account.updatedAt()))
                .put("url", request.baseUrl() + path);
    }
}
