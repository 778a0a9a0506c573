package org.rotunda.gateway.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;

/** Sends requests with the credentials of any account or key. */
public abstract class AccountSteps extends HttpFixture {
    protected static final String ACCOUNTS = "/2010-04-01/Accounts";
    protected static final String OWN = ACCOUNTS + "/" + GatewayFixture.ACCOUNT;

    /** An account or key with its password. */
    public record Login(String user, String password) {
        String header() {
            return basic(user, password);
        }
    }

    protected static final Login PARENT = new Login(GatewayFixture.ACCOUNT.value(), GatewayFixture.AUTH_TOKEN);

    protected static HttpResponse<String> send(Login login, String method, String path, String form) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(base() + path)).header("Authorization", login.header());
        return send(
                method.equals("POST")
                        ? request.header("Content-Type", FORM).POST(BodyPublishers.ofString(form))
                        : request.method(method, BodyPublishers.noBody()));
    }

    protected static HttpResponse<String> get(Login login, String path) {
        return send(login, "GET", path, "");
    }

    protected static HttpResponse<String> post(Login login, String path, String form) {
        return send(login, "POST", path, form);
    }

    protected static HttpResponse<String> delete(Login login, String path) {
        return send(login, "DELETE", path, "");
    }

    /** Returns the body of a response that must have this status. */
    protected static JsonNode answer(int status, HttpResponse<String> response) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        return json(response);
    }

    /** Creates a subaccount and returns its credentials. */
    protected static Login newSubaccount(String name) {
        JsonNode created = answer(201, post(PARENT, ACCOUNTS + ".json", "FriendlyName=" + name));
        return new Login(
                created.path("sid").asText(), created.path("auth_token").asText());
    }

    /** Creates a key of an account and returns its credentials. */
    protected static Login newKey(Login owner) {
        JsonNode created = answer(201, post(owner, ACCOUNTS + "/" + owner.user() + "/Keys.json", ""));
        return new Login(created.path("sid").asText(), created.path("secret").asText());
    }
}
