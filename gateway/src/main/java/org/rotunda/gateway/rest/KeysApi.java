package org.rotunda.gateway.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.rotunda.gateway.account.AccountAdmin;
import org.rotunda.gateway.account.AccountAdmin.NewKey;
import org.rotunda.room.protocol.AccountStore.KeyRow;

/**
 * The REST resources of API keys. {@code Keys} and {@code SigningKeys} are two names of the same keys. The keys of the
 * configuration are not among them.
 */
final class KeysApi {
    private final AccountAdmin admin;
    private final String segment;
    private final String arrayKey;

    /**
     * Creates the resources under one of their two names.
     *
     * @param segment the name in paths
     * @param arrayKey the name of the array in a list
     */
    KeysApi(AccountAdmin admin, String segment, String arrayKey) {
        this.admin = admin;
        this.segment = segment;
        this.arrayKey = arrayKey;
    }

    CompletionStage<ApiAnswer> list(ApiRequest request) {
        Paging paging = Paging.from(request.query());
        return AccountFamily.target(admin, request)
                .thenCompose(account -> admin.keys(account.sid(), paging.request())
                        .thenApply(page -> new ApiAnswer(
                                200,
                                new AccountPage<KeyRow>(
                                                arrayKey,
                                                AccountFamily.PATH + "/" + account.sid() + "/" + segment + ".json",
                                                List.of(),
                                                KeysApi::write,
                                                key -> new PageToken(key.createdAt(), key.sid()))
                                        .write(paging, page, request.query()))));
    }

    CompletionStage<ApiAnswer> create(ApiRequest request) {
        String name = AccountFamily.friendlyName(request.form());
        return AccountFamily.target(admin, request)
                .thenCompose(account -> admin.createKey(account.sid(), name))
                .thenApply(created -> {
                    NewKey key = created.orElseThrow(() -> ApiFault.badRequest(70151, "Too many API keys"));
                    // The only answer that shows the secret.
                    return new ApiAnswer(
                            201, write(key.key()).put("secret", key.secret().reveal()));
                });
    }

    CompletionStage<ApiAnswer> fetch(ApiRequest request) {
        return AccountFamily.target(admin, request)
                .thenCompose(account -> admin.key(account.sid(), request.key()))
                .thenApply(key -> new ApiAnswer(200, write(key.orElseThrow(request::notFound))));
    }

    CompletionStage<ApiAnswer> update(ApiRequest request) {
        String name = AccountFamily.friendlyName(request.form());
        return AccountFamily.target(admin, request)
                .thenCompose(account -> admin.renameKey(account.sid(), request.key(), name))
                .thenApply(key -> new ApiAnswer(200, write(key.orElseThrow(request::notFound))));
    }

    CompletionStage<ApiAnswer> delete(ApiRequest request) {
        return AccountFamily.target(admin, request)
                .thenCompose(account -> admin.revokeKey(account.sid(), request.key()))
                .thenApply(key -> {
                    if (key.isEmpty()) {
                        throw request.notFound();
                    }
                    return new ApiAnswer(204, null);
                });
    }

    private static ObjectNode write(KeyRow key) {
        return Json.object()
                .put("sid", key.sid())
                .put("friendly_name", key.friendlyName())
                .put("date_created", Json.rfc2822Date(key.createdAt()))
                .put("date_updated", Json.rfc2822Date(key.updatedAt()));
    }
}
