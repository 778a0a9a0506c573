package org.rotunda.gateway.rest;

import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.rotunda.gateway.account.AccountAdmin;
import org.rotunda.gateway.rest.RouteTable.Row;

/** The routes of accounts, their keys, auth tokens and default room settings. */
final class AccountRoutes {
    private AccountRoutes() {}

    static List<Row> rows(AccountAdmin admin, RoomDefaults defaults, Clock clock) {
        RoomSettingsApi roomSettings = new RoomSettingsApi(admin, defaults);
        AuthTokensApi authTokens = new AuthTokensApi(admin);
        AccountsApi accounts = new AccountsApi(admin, clock);
        List<Row> rows = new ArrayList<>();
        rows.add(Row.of(RoomSettingsApi.PATH, roomSettings::fetch, roomSettings::update));
        rows.add(Row.of(AuthTokensApi.SECONDARY, null, authTokens::createSecondary, authTokens::deleteSecondary)
                .withAuthToken());
        rows.add(Row.of(AuthTokensApi.PROMOTE, null, authTokens::promote).withAuthToken());
        rows.add(Row.of(AccountFamily.PATH + ".json", accounts::list, accounts::create)
                .withAuthToken());
        rows.add(Row.of(AccountFamily.PATH + "/{account}.json", accounts::fetch, accounts::update)
                .withAuthToken());
        addKeys(rows, "Keys", new KeysApi(admin, "Keys", "keys"));
        addKeys(rows, "SigningKeys", new KeysApi(admin, "SigningKeys", "signing_keys"));
        return rows;
    }

    private static void addKeys(List<Row> rows, String segment, KeysApi keys) {
        String path = AccountFamily.PATH + "/{account}/" + segment;
        rows.add(Row.of(path + ".json", keys::list, keys::create).withAuthToken());
        rows.add(Row.of(path + "/{key}.json", keys::fetch, keys::update, keys::delete)
                .withAuthToken());
    }
}
