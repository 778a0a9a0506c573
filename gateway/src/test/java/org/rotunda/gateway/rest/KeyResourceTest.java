package org.rotunda.gateway.rest;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.rotunda.gateway.testkit.AccountSteps;
import org.rotunda.gateway.testkit.GatewayFixture;
import org.rotunda.gateway.testkit.LogCapture;
import org.rotunda.gateway.testkit.SignalingClient;

/** Tests the REST resources of API keys. */
class KeyResourceTest extends AccountSteps {
    @ParameterizedTest
    @CsvSource({"Keys, keys", "SigningKeys, signing_keys"})
    void createsFetchesRenamesListsAndRevokesKeys(String segment, String array) {
        String list = OWN + "/" + segment + ".json";
        JsonNode created = answer(201, post(list, "FriendlyName=signer"));
        String sid = created.path("sid").asText();
        String one = OWN + "/" + segment + "/" + sid + ".json";

        assertThat(names(created)).containsExactly("date_created", "date_updated", "friendly_name", "secret", "sid");
        assertThat(sid).matches("SK[0-9a-f]{32}");
        assertThat(created.path("secret").asText()).matches("[A-Za-z0-9]{32}");
        JsonNode fetched = answer(200, get(one));
        assertThat(names(fetched))
                .as("the secret is shown only once")
                .containsExactly("date_created", "date_updated", "friendly_name", "sid");
        assertThat(fetched.path("date_created").asText()).endsWith(" +0000");
        assertThat(answer(200, post(one, "FriendlyName=renamed"))
                        .path("friendly_name")
                        .asText())
                .isEqualTo("renamed");
        assertThat(answer(200, get(list)).path(array).findValuesAsText("sid")).contains(sid);
        assertThat(answer(200, get(list)).findValues("secret")).isEmpty();

        HttpResponse<String> revoked = delete(PARENT, one);
        assertThat(revoked.statusCode()).isEqualTo(204);
        assertThat(revoked.body()).isEmpty();
        assertFails(get(one), 404, 20404);
        assertFails(delete(PARENT, one), 404, 20404);
        assertFails(post(one, "FriendlyName=again"), 404, 20404);
        assertThat(answer(200, get(list)).path(array).findValuesAsText("sid")).doesNotContain(sid);
    }

    @Test
    void logsNoSecrets() {
        try (LogCapture log = LogCapture.of("ROOT", Level.DEBUG)) {
            Login subaccount = newSubaccount("logged");
            Login key = newKey(subaccount);
            assertThat(get(key, "/v1/Rooms").statusCode()).isEqualTo(200);
            assertFails(get(new Login(key.user(), key.password() + "x"), "/v1/Rooms"), 401, 20003);
            assertThat(get(subaccount, "/v1/Dreams").statusCode()).isEqualTo(404);

            String last = "/v1/Dreams";
            LogCapture.Line line;
            do {
                line = log.next();
                assertThat(line.toString()).doesNotContain(subaccount.password(), key.password());
            } while (!last.equals(line.values().get("path")));
        }
    }

    @Test
    void aKeyWithoutANameHasNone() {
        assertThat(answer(201, post(OWN + "/Keys.json", ""))
                        .path("friendly_name")
                        .isNull())
                .isTrue();
    }

    @Test
    void aNewKeyOpensTheVideoApiUntilItIsRevoked() {
        Login key = newKey(PARENT);
        assertThat(get(key, "/v1/Rooms").statusCode()).isEqualTo(200);
        assertThat(post(key, "/v1/Rooms", "UniqueName=by+key").statusCode()).isEqualTo(201);
        assertFails(get(new Login(key.user(), "wrong"), "/v1/Rooms"), 401, 20003);

        delete(PARENT, OWN + "/Keys/" + key.user() + ".json");
        assertFails(get(key, "/v1/Rooms"), 401, 20003);
    }

    @Test
    void theTokensOfARevokedKeyAreRefused() {
        Login key = newKey(PARENT);
        String token = GatewayFixture.token(PARENT.user(), key.user(), key.password(), "alice", null);
        assertThat(firstAnswer(token).path("type").asText()).isEqualTo("iced");

        delete(PARENT, OWN + "/Keys/" + key.user() + ".json");

        assertThat(firstAnswer(token).path("code").asInt()).isEqualTo(20103);
    }

    @Test
    void theTokensOfASuspendedAccountAreRefused() {
        Login subaccount = newSubaccount("tokens");
        Login key = newKey(subaccount);
        String token = GatewayFixture.token(subaccount.user(), key.user(), key.password(), "alice", null);
        assertThat(firstAnswer(token).path("type").asText()).isEqualTo("iced");

        post(ACCOUNTS + "/" + subaccount.user() + ".json", "Status=suspended");

        assertThat(firstAnswer(token).path("code").asInt()).isEqualTo(20005);
    }

    /** Returns the answer to an {@code ice} message with this token. */
    private static JsonNode firstAnswer(String token) {
        SignalingClient client = server.signaling()
                .send("{\"type\":\"hello\",\"version\":2,\"id\":\"1\",\"timeout\":5000,\"body\":"
                        + "{\"type\":\"ice\",\"version\":1,\"edge\":\"roaming\",\"token\":\"" + token + "\"}}");
        assertThat(client.next().path("type").asText()).isEqualTo("welcome");
        return client.next().path("body");
    }

    @Test
    void aParentAdministersTheKeysOfItsSubaccounts() {
        Login subaccount = newSubaccount("keys");
        String list = ACCOUNTS + "/" + subaccount.user() + "/Keys.json";
        String sid =
                answer(201, post(list, "FriendlyName=by+parent")).path("sid").asText();

        assertThat(answer(200, get(subaccount, list)).path("keys").findValuesAsText("sid"))
                .containsExactly(sid);
        assertFails(get(OWN + "/Keys/" + sid + ".json"), 404, 20404);
        assertFails(get(subaccount, OWN + "/Keys.json"), 404, 20404);
    }

    @Test
    void pagesThroughKeys() {
        Login subaccount = newSubaccount("pages");
        List<String> made = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            made.add(newKey(subaccount).user());
        }
        List<String> seen = new ArrayList<>();
        String next = ACCOUNTS + "/" + subaccount.user() + "/Keys.json?PageSize=2";
        while (!next.isEmpty()) {
            JsonNode page = answer(200, get(subaccount, next));
            page.path("keys").forEach(key -> seen.add(key.path("sid").asText()));
            next = page.path("next_page_uri").isNull()
                    ? ""
                    : page.path("next_page_uri").asText();
        }

        assertThat(seen).containsExactlyInAnyOrderElementsOf(made);
    }

    @Test
    void refusesTooManyKeys() {
        try (GatewayFixture small = GatewayFixture.start("rotunda.account-store.keys-max = 1")) {
            String list = "http://127.0.0.1:" + small.address().getPort() + OWN + "/Keys.json";
            assertThat(create(list).statusCode()).isEqualTo(201);
            assertFails(create(list), 400, 70151);
        }
    }

    private static HttpResponse<String> create(String url) {
        return send(HttpRequest.newBuilder(URI.create(url))
                .header("Authorization", GOOD)
                .POST(HttpRequest.BodyPublishers.noBody()));
    }

    @ParameterizedTest
    @CsvSource({
        "GET, Keys/SK00000000000000000000000000000001.json, 404, 20404",
        "GET, Keys/SK1.json, 404, 20404",
        "GET, Keys/SK1, 404, 20404",
        "GET, Keys, 404, 20404",
        "DELETE, Keys.json, 405, 20004",
        "PUT, Keys.json, 405, 20004",
        "GET, Keys.json?PageSize=x, 400, 20001",
        "GET, Keys.json?PageToken=x, 400, 21481"
    })
    void refusesBadRequests(String method, String path, int status, int code) {
        assertFails(send(PARENT, method, OWN + "/" + path, ""), status, code);
    }

    private static Set<String> names(JsonNode object) {
        Set<String> names = new TreeSet<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }
}
