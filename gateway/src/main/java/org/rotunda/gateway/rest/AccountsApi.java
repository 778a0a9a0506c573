package org.rotunda.gateway.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.rotunda.gateway.account.AccountAdmin;
import org.rotunda.gateway.auth.Secret;
import org.rotunda.room.protocol.AccountSid;
import org.rotunda.room.protocol.AccountStatus;
import org.rotunda.room.protocol.AccountStore.AccountFilter;
import org.rotunda.room.protocol.AccountStore.AccountRow;

/** The REST resources of accounts. An account of the configuration is the parent of subaccounts that it creates. */
final class AccountsApi {
    private static final DateTimeFormatter NAME_DATE =
            DateTimeFormatter.ofPattern("yyyy-MM-dd hh:mm a", Locale.ENGLISH).withZone(ZoneOffset.UTC);

    private final AccountAdmin admin;
    private final Clock clock;

    AccountsApi(AccountAdmin admin, Clock clock) {
        this.admin = admin;
        this.clock = clock;
    }

    CompletionStage<ApiAnswer> list(ApiRequest request) {
        Parameters query = request.query();
        Paging paging = Paging.from(query);
        AccountFilter filter = new AccountFilter(status(query.text("Status")), query.text("FriendlyName"));
        return admin.family(request.account(), filter, paging.request())
                .thenApply(page -> new ApiAnswer(
                        200,
                        new AccountPage<AccountRow>(
                                        "accounts",
                                        AccountFamily.PATH + ".json",
                                        List.of("FriendlyName", "Status"),
                                        this::write,
                                        account -> new PageToken(
                                                account.createdAt(),
                                                account.sid().value()))
                                .write(paging, page, query)));
    }

    /** Creates a subaccount. Subaccounts themselves have no subaccounts. */
    CompletionStage<ApiAnswer> create(ApiRequest request) {
        String given = AccountFamily.friendlyName(request.form());
        String name = given == null ? "SubAccount Created at " + NAME_DATE.format(clock.instant()) : given;
        return admin.account(request.account())
                .thenCompose(
                        caller -> caller.filter(row -> row.parent() == null).isPresent()
                                ? admin.createSubaccount(request.account(), name)
                                : AccountFamily.refused(ApiFault.accessDenied()))
                .thenApply(created -> new ApiAnswer(
                        201,
                        write(created.orElseThrow(() -> ApiFault.badRequest(20001, "Too many active subaccounts")))));
    }

    CompletionStage<ApiAnswer> fetch(ApiRequest request) {
        return AccountFamily.target(admin, request).thenApply(account -> new ApiAnswer(200, write(account)));
    }

    CompletionStage<ApiAnswer> update(ApiRequest request) {
        String name = AccountFamily.friendlyName(request.form());
        AccountStatus status = status(request.form().text("Status"));
        return AccountFamily.target(admin, request)
                .thenCompose(
                        account -> admin.update(account.sid(), row -> changed(row, name, status, request.account())))
                .thenApply(account -> new ApiAnswer(200, write(account.orElseThrow(request::notFound))));
    }

    /** Only the parent changes the status of a subaccount, and nobody opens a closed account again. */
    private static AccountRow changed(
            AccountRow row, @Nullable String name, @Nullable AccountStatus status, AccountSid caller) {
        if (status != null && status != row.status()) {
            if (!caller.equals(row.parent())) {
                throw ApiFault.accessDenied();
            }
            if (row.status() == AccountStatus.CLOSED) {
                throw ApiFault.conflict("A closed account stays closed");
            }
        }
        return new AccountRow(
                row.sid(),
                row.parent(),
                name == null ? row.friendlyName() : name,
                status == null ? row.status() : status,
                row.primaryToken(),
                row.secondaryToken(),
                row.roomSettings(),
                row.createdAt(),
                row.updatedAt());
    }

    private static @Nullable AccountStatus status(@Nullable String text) {
        if (text == null) {
            return null;
        }
        for (AccountStatus status : AccountStatus.values()) {
            if (status.wireName().equals(text)) {
                return status;
            }
        }
        throw ApiFault.invalid("Status");
    }

    private ObjectNode write(AccountRow account) {
        AccountSid parent = account.parent();
        String path = AccountFamily.PATH + "/" + account.sid();
        ObjectNode json = Json.object()
                .put("sid", account.sid().value())
                .put("owner_account_sid", parent == null ? account.sid().value() : parent.value())
                .put("friendly_name", account.friendlyName())
                .put("status", account.status().wireName())
                .put("type", "Full")
                // As in the public API, a parent reads the token of its subaccounts here.
                .put("auth_token", admin.authToken(account).map(Secret::reveal).orElse(null))
                .put("date_created", Json.rfc2822Date(account.createdAt()))
                .put("date_updated", Json.rfc2822Date(account.updatedAt()))
                .put("uri", path + ".json");
        json.putObject("subresource_uris")
                .put("keys", path + "/Keys.json")
                .put("signing_keys", path + "/SigningKeys.json");
        return json;
    }
}
