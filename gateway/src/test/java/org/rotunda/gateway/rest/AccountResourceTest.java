package org.rotunda.gateway.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.rotunda.gateway.testkit.AccountSteps;
import org.rotunda.gateway.testkit.GatewayFixture;

/** Tests the REST resources of accounts and of their auth tokens. */
class AccountResourceTest extends AccountSteps {
    private static final String DATE =
            "(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \\d\\d [A-Z][a-z]{2} \\d{4} \\d\\d:\\d\\d:\\d\\d \\+0000";
    private static final String SECONDARY = "/v1/AuthTokens/Secondary";
    private static final String PROMOTE = "/v1/AuthTokens/Promote";

    @Test
    void showsTheAccountOfTheConfiguration() {
        JsonNode account = answer(200, get(OWN + ".json"));

        assertThat(account.path("sid").asText()).isEqualTo(GatewayFixture.ACCOUNT.value());
        assertThat(account.path("owner_account_sid").asText()).isEqualTo(GatewayFixture.ACCOUNT.value());
        assertThat(account.path("status").asText()).isEqualTo("active");
        assertThat(account.path("type").asText()).isEqualTo("Full");
        assertThat(account.path("auth_token").asText()).isEqualTo(GatewayFixture.AUTH_TOKEN);
        assertThat(account.path("uri").asText()).isEqualTo(OWN + ".json");
        assertThat(account.path("date_created").asText()).matches(DATE);
        assertThat(account.path("date_updated").asText()).matches(DATE);
        assertThat(account.path("subresource_uris").path("keys").asText()).isEqualTo(OWN + "/Keys.json");
    }

    @Test
    void createsASubaccountThatHasRoomsOfItsOwn() {
        JsonNode created = answer(201, post(ACCOUNTS + ".json", "FriendlyName=Team+A"));
        Login subaccount = new Login(
                created.path("sid").asText(), created.path("auth_token").asText());

        assertThat(created.path("friendly_name").asText()).isEqualTo("Team A");
        assertThat(created.path("owner_account_sid").asText()).isEqualTo(GatewayFixture.ACCOUNT.value());
        assertThat(subaccount.password()).matches("[0-9a-f]{32}");
        JsonNode room = answer(201, post(subaccount, "/v1/Rooms", "UniqueName=theirs"));
        assertThat(room.path("account_sid").asText()).isEqualTo(subaccount.user());
        assertThat(answer(200, get("/v1/Rooms?UniqueName=theirs")).path("rooms"))
                .isEmpty();
        assertThat(answer(200, get(subaccount, ACCOUNTS + "/" + subaccount.user() + ".json"))
                        .path("sid")
                        .asText())
                .isEqualTo(subaccount.user());
    }

    @Test
    void aSubaccountWithoutANameGetsOne() {
        assertThat(answer(201, post(ACCOUNTS + ".json", ""))
                        .path("friendly_name")
                        .asText())
                .startsWith("SubAccount Created at 20");
    }

    @Test
    void aSubaccountHasNoSubaccounts() {
        assertFails(post(newSubaccount("leaf"), ACCOUNTS + ".json", "FriendlyName=deeper"), 403, 20006);
    }

    @Test
    void renamesAccounts() {
        Login subaccount = newSubaccount("before");
        String path = ACCOUNTS + "/" + subaccount.user() + ".json";

        assertThat(answer(200, post(path, "FriendlyName=after"))
                        .path("friendly_name")
                        .asText())
                .isEqualTo("after");
        assertThat(answer(200, post(subaccount, path, "FriendlyName=own"))
                        .path("friendly_name")
                        .asText())
                .isEqualTo("own");
        assertThat(answer(200, post(OWN + ".json", "FriendlyName=Main"))
                        .path("friendly_name")
                        .asText())
                .isEqualTo("Main");
    }

    @Test
    void listsTheAccountAndItsSubaccountsByPages() {
        List<String> sids = new ArrayList<>(List.of(GatewayFixture.ACCOUNT.value()));
        for (int i = 0; i < 4; i++) {
            sids.add(newSubaccount("paged").user());
        }
        List<String> seen = new ArrayList<>();
        JsonNode page = answer(200, get(ACCOUNTS + ".json?PageSize=2"));
        assertThat(page.path("start").asInt()).isZero();
        assertThat(page.path("end").asInt()).isEqualTo(1);
        assertThat(page.path("previous_page_uri").isNull()).isTrue();
        while (true) {
            page.path("accounts")
                    .forEach(account -> seen.add(account.path("sid").asText()));
            if (page.path("next_page_uri").isNull()) {
                break;
            }
            page = answer(200, get(page.path("next_page_uri").asText()));
            assertThat(page.path("start").asInt())
                    .isEqualTo(2 * page.path("page").asInt());
            assertThat(page.path("page_size").asInt()).isEqualTo(2);
            assertThat(page.path("first_page_uri").asText()).isEqualTo(ACCOUNTS + ".json?PageSize=2&Page=0");
        }

        assertThat(seen).containsAll(sids).doesNotHaveDuplicates();
        assertThat(answer(200, get(ACCOUNTS + ".json?FriendlyName=paged")).path("accounts"))
                .hasSize(4);
        assertThat(answer(200, get(ACCOUNTS + ".json?Status=closed&FriendlyName=paged"))
                        .path("accounts"))
                .isEmpty();
        JsonNode empty = answer(200, get(ACCOUNTS + ".json?FriendlyName=nobody"));
        assertThat(empty.path("end").asInt()).isZero();
        assertThat(empty.path("uri").asText()).isEqualTo(ACCOUNTS + ".json?FriendlyName=nobody&PageSize=50&Page=0");
    }

    @Test
    void suspendsActivatesAndClosesASubaccount() {
        Login subaccount = newSubaccount("suspended");
        Login key = newKey(subaccount);
        String path = ACCOUNTS + "/" + subaccount.user() + ".json";

        assertThat(answer(200, post(path, "Status=suspended")).path("status").asText())
                .isEqualTo("suspended");
        assertFails(get(subaccount, "/v1/Rooms"), 403, 20005);
        assertFails(get(key, "/v1/Rooms"), 403, 20005);
        assertFails(get(new Login(subaccount.user(), "wrong"), "/v1/Rooms"), 401, 20003);
        assertThat(answer(200, get(path)).path("status").asText()).isEqualTo("suspended");

        answer(200, post(path, "Status=active"));
        assertThat(get(key, "/v1/Rooms").statusCode()).isEqualTo(200);

        answer(200, post(path, "Status=closed"));
        assertFails(get(subaccount, "/v1/Rooms"), 403, 20005);
        assertFails(post(path, "Status=active"), 409, 20409);
        assertThat(answer(200, post(path, "Status=closed")).path("status").asText())
                .as("the same again")
                .isEqualTo("closed");
    }

    @Test
    void onlyTheParentChangesAStatus() {
        Login subaccount = newSubaccount("own");
        assertFails(post(subaccount, ACCOUNTS + "/" + subaccount.user() + ".json", "Status=closed"), 403, 20006);
        assertFails(post(OWN + ".json", "Status=suspended"), 403, 20006);
        assertThat(get("/v1/Rooms").statusCode()).isEqualTo(200);
    }

    @Test
    void refusesTooManySubaccounts() {
        try (GatewayFixture small = GatewayFixture.start("rotunda.account-store.subaccounts-max = 0")) {
            HttpResponse<String> response = send(HttpRequest.newBuilder(
                            URI.create("http://127.0.0.1:" + small.address().getPort() + ACCOUNTS + ".json"))
                    .header("Authorization", GOOD)
                    .POST(HttpRequest.BodyPublishers.noBody()));
            assertFails(response, 400, 20001);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "POST, /{own}.json, Status=asleep, 400, 20001",
        "POST, /{own}.json, Status=Active, 400, 20001",
        "GET, .json?Status=asleep, '', 400, 20001",
        "GET, .json?PageSize=0, '', 400, 20001",
        "GET, .json?PageToken=x, '', 400, 21481",
        "DELETE, .json, '', 405, 20004",
        "DELETE, /{own}.json, '', 405, 20004",
        "GET, /AC1.json, '', 404, 20404",
        "GET, /{own}, '', 404, 20404",
        "GET, /AC99999999999999999999999999999999.json, '', 404, 20404",
        "POST, /AC99999999999999999999999999999999.json, Status=closed, 404, 20404"
    })
    void refusesBadRequests(String method, String path, String form, int status, int code) {
        String whole = ACCOUNTS + path.replace("{own}", GatewayFixture.ACCOUNT.value());
        assertFails(send(PARENT, method, whole, form), status, code);
    }

    @Test
    void refusesNamesThatAreTooLong() {
        String name = "FriendlyName=" + "x".repeat(65);
        assertFails(post(ACCOUNTS + ".json", name), 400, 20002);
        assertFails(post(OWN + ".json", name), 400, 20002);
        assertFails(post(OWN + "/Keys.json", name), 400, 20002);
    }

    /** A key could otherwise make itself a second key that outlives its revocation. */
    @ParameterizedTest
    @ValueSource(
            strings = {".json", "/{own}.json", "/{own}/Keys.json", "/{own}/SigningKeys.json", "/{own}/Keys/SK1.json"})
    void noApiKeyOpensAccountsOrKeys(String path) {
        Login key = new Login(GatewayFixture.KEY, GatewayFixture.KEY_SECRET);
        String whole = ACCOUNTS + path.replace("{own}", GatewayFixture.ACCOUNT.value());

        assertFails(get(key, whole), 403, 20006);
        assertFails(post(key, whole, ""), 403, 20006);
        assertFails(delete(key, whole), 403, 20006);
        assertFails(post(key, SECONDARY, ""), 403, 20006);
        assertFails(post(key, PROMOTE, ""), 403, 20006);
    }

    @Test
    void exchangesAnAuthToken() {
        Login first = newSubaccount("rotates");
        JsonNode added = answer(201, post(first, SECONDARY, ""));
        Login second =
                new Login(first.user(), added.path("secondary_auth_token").asText());

        assertThat(added.path("account_sid").asText()).isEqualTo(first.user());
        assertThat(added.path("url").asText()).isEqualTo(base() + SECONDARY);
        assertThat(get(first, "/v1/Rooms").statusCode()).isEqualTo(200);
        assertThat(get(second, "/v1/Rooms").statusCode()).isEqualTo(200);
        assertFails(post(first, SECONDARY, ""), 409, 20409);
        assertThat(answer(200, get(ACCOUNTS + "/" + first.user() + ".json"))
                        .path("auth_token")
                        .asText())
                .as("the first token stays the primary one")
                .isEqualTo(first.password());

        JsonNode promoted = answer(200, post(second, PROMOTE, ""));

        assertThat(promoted.path("auth_token").asText()).isEqualTo(second.password());
        assertFails(get(first, "/v1/Rooms"), 401, 20003);
        assertThat(get(second, "/v1/Rooms").statusCode()).isEqualTo(200);
        assertFails(post(second, PROMOTE, ""), 404, 20404);
    }

    @Test
    void deletesASecondaryToken() {
        Login first = newSubaccount("cancels");
        Login second = new Login(
                first.user(),
                answer(201, post(first, SECONDARY, ""))
                        .path("secondary_auth_token")
                        .asText());

        HttpResponse<String> deleted = delete(first, SECONDARY);

        assertThat(deleted.statusCode()).isEqualTo(204);
        assertThat(deleted.body()).isEmpty();
        assertFails(get(second, "/v1/Rooms"), 401, 20003);
        assertFails(delete(first, SECONDARY), 404, 20404);
    }

    @Test
    void theTokensOfTheConfigurationAreChangedThere() {
        assertFails(post(SECONDARY, ""), 409, 20409);
        assertFails(post(PROMOTE, ""), 409, 20409);
        assertFails(delete(PARENT, SECONDARY), 409, 20409);
    }

    @Test
    void answersWithUnavailableWhileTheDatabaseIsAway() {
        server.accountStore.away(true);
        try {
            assertFails(get(ACCOUNTS + ".json"), 503, 20503);
            assertFails(post(ACCOUNTS + ".json", ""), 503, 20503);
            assertThat(get("/v1/Rooms").statusCode())
                    .as("the credentials of the last state are accepted")
                    .isEqualTo(200);
        } finally {
            server.accountStore.away(false);
        }
    }

    @Test
    void storesSecretsEncryptedWhenAKeyIsConfigured() {
        try (GatewayFixture encrypting =
                GatewayFixture.start("rotunda.account-store.secrets-keys = [" + "ab".repeat(32) + "]")) {
            HttpResponse<String> response = send(HttpRequest.newBuilder(URI.create(
                            "http://127.0.0.1:" + encrypting.address().getPort() + ACCOUNTS + ".json"))
                    .header("Authorization", GOOD)
                    .POST(HttpRequest.BodyPublishers.noBody()));
            String token = answer(201, response).path("auth_token").asText();

            assertThat(encrypting.accountStore.accounts())
                    .filteredOn(row -> row.parent() != null)
                    .singleElement()
                    .satisfies(row ->
                            assertThat(row.primaryToken()).startsWith("g1:").doesNotContain(token));
        }
    }
}
