package org.rotunda.load.library;

import static org.rotunda.load.library.Tour.ROOM;
import static org.rotunda.load.library.Tour.ROOMS;
import static org.rotunda.load.library.Tour.TIME;
import static org.rotunda.load.library.Tour.step;

import com.twilio.rest.accounts.v1.AuthTokenPromotion;
import com.twilio.rest.accounts.v1.SecondaryAuthToken;
import com.twilio.rest.api.v2010.Account;
import com.twilio.rest.api.v2010.account.Key;
import com.twilio.rest.api.v2010.account.NewKey;
import com.twilio.rest.api.v2010.account.NewSigningKey;
import com.twilio.rest.api.v2010.account.SigningKey;
import com.twilio.rest.video.v1.Room;
import java.util.List;

/** The steps of the tour about accounts, their keys and their auth tokens. */
final class AccountSteps {
    private static final String ACCOUNTS = "/2010-04-01/Accounts.json";
    private static final String SUBACCOUNT = "/2010-04-01/Accounts/{Account}.json";

    private AccountSteps() {}

    static List<TourStep> accountSteps() {
        return List.of(
                step("POST " + ACCOUNTS, "a subaccount")
                        .java((client, v) -> Account.creator()
                                .setFriendlyName("sub of " + v.get("name"))
                                .create(client))
                        .node("client.api.v2010.accounts.create({ friendlyName: `sub of ${v.name}` })")
                        .answers(201)
                        .keeps("sub", "/sid")
                        .keeps("subToken", "/authToken")
                        .matches("/sid", "AC[0-9a-f]{32}")
                        .has("/friendlyName", "sub of {name}")
                        .has("/ownerAccountSid", "{account}")
                        .has("/status", "active")
                        .matches("/authToken", "[0-9a-f]{32}")
                        .matches("/dateCreated", TIME),
                step("POST " + ACCOUNTS, "a name that is too long")
                        .java((client, v) -> Account.creator()
                                .setFriendlyName("x".repeat(65))
                                .create(client))
                        .node("client.api.v2010.accounts.create({ friendlyName: 'x'.repeat(65) })")
                        .refuses(400, 20002),
                step("GET " + ACCOUNTS, "the newest account first, in pages of one")
                        .java((client, v) ->
                                Account.reader().pageSize(1).limit(2).read(client))
                        .node("client.api.v2010.accounts.list({ pageSize: 1, limit: 2 })")
                        .lists(2)
                        .has("/0/sid", "{sub}"),
                step("GET " + SUBACCOUNT, "the subaccount")
                        .java((client, v) -> Account.fetcher(v.get("sub")).fetch(client))
                        .node("client.api.v2010.accounts(v.sub).fetch()")
                        .has("/sid", "{sub}")
                        .has("/authToken", "{subToken}"),
                step("GET " + SUBACCOUNT, "an account that does not exist")
                        .java((client, v) -> Account.fetcher(v.get("noAccount")).fetch(client))
                        .node("client.api.v2010.accounts(v.noAccount).fetch()")
                        .refuses(404, 20404),
                step("POST " + SUBACCOUNT, "another name")
                        .java((client, v) -> Account.updater(v.get("sub"))
                                .setFriendlyName("renamed")
                                .update(client))
                        .node("client.api.v2010.accounts(v.sub).update({ friendlyName: 'renamed' })")
                        .has("/friendlyName", "renamed"),
                step("POST " + SUBACCOUNT, "the subaccount is suspended")
                        .java((client, v) -> Account.updater(v.get("sub"))
                                .setStatus(Account.Status.SUSPENDED)
                                .update(client))
                        .node("client.api.v2010.accounts(v.sub).update({ status: 'suspended' })")
                        .has("/status", "suspended"),
                step("GET " + ROOMS, "a suspended account may do nothing")
                        .as("sub")
                        .java((client, v) -> Room.reader().read(client))
                        .node("client.video.v1.rooms.list()")
                        .refuses(403, 20005),
                step("POST " + SUBACCOUNT, "the subaccount is active again")
                        .java((client, v) -> Account.updater(v.get("sub"))
                                .setStatus(Account.Status.ACTIVE)
                                .update(client))
                        .node("client.api.v2010.accounts(v.sub).update({ status: 'active' })")
                        .has("/status", "active"),
                step("GET " + ROOM, "a subaccount does not see the rooms of its parent")
                        .as("sub")
                        .java((client, v) -> Room.fetcher(v.get("room")).fetch(client))
                        .node("client.video.v1.rooms(v.room).fetch()")
                        .refuses(404, 20404));
    }

    static List<TourStep> keySteps() {
        String keys = "/2010-04-01/Accounts/{Account}/Keys";
        String signing = "/2010-04-01/Accounts/{Account}/SigningKeys";
        return List.of(
                step("POST " + keys + ".json", "a key")
                        .java((client, v) ->
                                NewKey.creator().setFriendlyName("a key").create(client))
                        .node("client.api.v2010.accounts(v.account).newKeys.create({ friendlyName: 'a key' })")
                        .answers(201)
                        .keeps("key", "/sid")
                        .matches("/sid", "SK[0-9a-f]{32}")
                        .matches("/secret", "[0-9A-Za-z]{32}")
                        .has("/friendlyName", "a key")
                        .matches("/dateCreated", TIME)
                        .matches("/dateUpdated", TIME),
                step("GET " + keys + ".json", "the newest key first, in pages of one")
                        .java((client, v) -> Key.reader().pageSize(1).limit(1).read(client))
                        .node("client.api.v2010.accounts(v.account).keys.list({ pageSize: 1, limit: 1 })")
                        .lists(1)
                        .has("/0/sid", "{key}"),
                step("GET " + keys + "/{Key}.json", "the key, without its secret")
                        .java((client, v) -> Key.fetcher(v.get("key")).fetch(client))
                        .node("client.api.v2010.accounts(v.account).keys(v.key).fetch()")
                        .has("/friendlyName", "a key"),
                step("GET " + keys + "/{Key}.json", "a key that does not exist")
                        .java((client, v) -> Key.fetcher(v.get("noKey")).fetch(client))
                        .node("client.api.v2010.accounts(v.account).keys(v.noKey).fetch()")
                        .refuses(404, 20404),
                step("POST " + keys + "/{Key}.json", "another name")
                        .java((client, v) -> Key.updater(v.get("key"))
                                .setFriendlyName("renamed")
                                .update(client))
                        .node("client.api.v2010.accounts(v.account).keys(v.key).update({ friendlyName: 'renamed' })")
                        .has("/friendlyName", "renamed"),
                step("DELETE " + keys + "/{Key}.json", "the key is revoked")
                        .java((client, v) -> Key.deleter(v.get("key")).delete(client))
                        .node("client.api.v2010.accounts(v.account).keys(v.key).remove()")
                        .answers(204)
                        .has("", true),
                step("DELETE " + keys + "/{Key}.json", "a key can be revoked once")
                        .java((client, v) -> Key.deleter(v.get("key")).delete(client))
                        .node("client.api.v2010.accounts(v.account).keys(v.key).remove()")
                        .refuses(404, 20404),
                step("POST " + signing + ".json", "a signing key of the subaccount, by its parent")
                        .java((client, v) -> NewSigningKey.creator(v.get("sub"))
                                .setFriendlyName("a signing key")
                                .create(client))
                        .node("client.api.v2010.accounts(v.sub).newSigningKeys.create({ friendlyName: 'a signing"
                                + " key' })")
                        .answers(201)
                        .keeps("signingKey", "/sid")
                        .matches("/secret", "[0-9A-Za-z]{32}"),
                step("GET " + signing + ".json", "the only key of the subaccount")
                        .java((client, v) -> SigningKey.reader(v.get("sub")).read(client))
                        .node("client.api.v2010.accounts(v.sub).signingKeys.list()")
                        .lists(1)
                        .has("/0/sid", "{signingKey}"),
                step("GET " + signing + "/{Key}.json", "the signing key")
                        .java((client, v) -> SigningKey.fetcher(v.get("sub"), v.get("signingKey"))
                                .fetch(client))
                        .node("client.api.v2010.accounts(v.sub).signingKeys(v.signingKey).fetch()")
                        .has("/friendlyName", "a signing key"),
                step("POST " + signing + "/{Key}.json", "another name")
                        .java((client, v) -> SigningKey.updater(v.get("sub"), v.get("signingKey"))
                                .setFriendlyName("renamed")
                                .update(client))
                        .node("client.api.v2010.accounts(v.sub).signingKeys(v.signingKey).update({ friendlyName:"
                                + " 'renamed' })")
                        .has("/friendlyName", "renamed"),
                step("DELETE " + signing + "/{Key}.json", "the signing key is revoked")
                        .java((client, v) -> SigningKey.deleter(v.get("sub"), v.get("signingKey"))
                                .delete(client))
                        .node("client.api.v2010.accounts(v.sub).signingKeys(v.signingKey).remove()")
                        .answers(204)
                        .has("", true));
    }

    /** In these steps the subaccount exchanges its auth token. */
    static List<TourStep> tokenSteps() {
        String secondary = "/v1/AuthTokens/Secondary";
        return List.of(
                step("POST " + secondary, "the tokens of the configuration are exchanged there")
                        .java((client, v) -> SecondaryAuthToken.creator().create(client))
                        .node("client.accounts.v1.secondaryAuthToken().create()")
                        .refuses(409, 20409),
                step("POST /v1/AuthTokens/Promote", "there is no second token yet")
                        .as("sub")
                        .java((client, v) -> AuthTokenPromotion.updater().update(client))
                        .node("client.accounts.v1.authTokenPromotion().update()")
                        .refuses(404, 20404),
                step("POST " + secondary, "a second token")
                        .as("sub")
                        .java((client, v) -> SecondaryAuthToken.creator().create(client))
                        .node("client.accounts.v1.secondaryAuthToken().create()")
                        .answers(201)
                        .has("/accountSid", "{sub}")
                        .matches("/secondaryAuthToken", "[0-9a-f]{32}")
                        .matches("/dateCreated", TIME),
                step("DELETE " + secondary, "the second token is given up")
                        .as("sub")
                        .java((client, v) -> SecondaryAuthToken.deleter().delete(client))
                        .node("client.accounts.v1.secondaryAuthToken().remove()")
                        .answers(204)
                        .has("", true),
                step("POST " + secondary, "another second token")
                        .as("sub")
                        .java((client, v) -> SecondaryAuthToken.creator().create(client))
                        .node("client.accounts.v1.secondaryAuthToken().create()")
                        .answers(201)
                        .keeps("secondToken", "/secondaryAuthToken"),
                step("POST /v1/AuthTokens/Promote", "the second token is the only one")
                        .as("sub")
                        .java((client, v) -> AuthTokenPromotion.updater().update(client))
                        .node("client.accounts.v1.authTokenPromotion().update()")
                        .has("/accountSid", "{sub}")
                        .has("/authToken", "{secondToken}"),
                step("GET " + ROOMS, "the first token is refused")
                        .as("sub")
                        .java((client, v) -> Room.reader().read(client))
                        .node("client.video.v1.rooms.list()")
                        .refuses(401, 20003),
                step("POST " + SUBACCOUNT, "the subaccount is closed")
                        .java((client, v) -> Account.updater(v.get("sub"))
                                .setStatus(Account.Status.CLOSED)
                                .update(client))
                        .node("client.api.v2010.accounts(v.sub).update({ status: 'closed' })")
                        .has("/status", "closed"));
    }
}
