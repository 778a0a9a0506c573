package org.rotunda.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rotunda.gateway.testkit.GatewayFixture;
import org.rotunda.gateway.testkit.SignalingClient;
import org.rotunda.node.config.NodeConfiguration;
import org.rotunda.room.testkit.PostgresServer;

/** Tests that a change to accounts and keys at one node counts at another node within five seconds. */
class AccountsOnTwoNodesTest {
    private static final String ACCOUNT = "AC00000000000000000000000000000001";
    private static final String AUTH_TOKEN = "dev-auth-token";
    private static final String ACCOUNTS = "/2010-04-01/Accounts";
    private static final Duration EFFECTIVE_WITHIN = Duration.ofSeconds(5);
    private static final Duration LOOK_EVERY = Duration.ofMillis(50);

    private final HttpClient http = HttpClient.newHttpClient();
    private final ObjectMapper json = new ObjectMapper();

    @Test
    void aChangeAtOneNodeCountsAtTheOther(@TempDir Path directory) throws Exception {
        try (PostgresServer postgres = PostgresServer.start(directory)) {
            String url = postgres.createDatabase();
            int seed = freePort();
            try (RotundaNode first = RotundaNode.start(NodeConfiguration.dev(keys(url, seed, seed)));
                    RotundaNode second = RotundaNode.start(NodeConfiguration.dev(keys(url, freePort(), seed)))) {
                JsonNode subaccount = post(first, ACCOUNT, AUTH_TOKEN, ACCOUNTS + ".json", "FriendlyName=team");
                String sid = subaccount.path("sid").asText();
                String authToken = subaccount.path("auth_token").asText();
                awaitStatus(second, sid, authToken, 200);

                JsonNode key = post(second, sid, authToken, ACCOUNTS + "/" + sid + "/Keys.json", "");
                String keySid = key.path("sid").asText();
                String secret = key.path("secret").asText();
                String token = GatewayFixture.token(sid, keySid, secret, "alice", null);
                awaitStatus(first, keySid, secret, 200);
                assertThat(answerToToken(first, token)).isEqualTo("iced");

                assertThat(send(
                                        second,
                                        sid,
                                        authToken,
                                        "DELETE",
                                        ACCOUNTS + "/" + sid + "/Keys/" + keySid + ".json",
                                        "")
                                .statusCode())
                        .isEqualTo(204);
                awaitStatus(first, keySid, secret, 401);
                assertThat(answerToToken(first, token)).isEqualTo("error 20103");

                post(second, sid, authToken, "/v1/RoomSettings/Default", "MaxParticipants=7");
                await(() -> post(first, sid, authToken, "/v1/Rooms", "")
                                .path("max_participants")
                                .asInt()
                        == 7);

                post(first, ACCOUNT, AUTH_TOKEN, ACCOUNTS + "/" + sid + ".json", "Status=suspended");
                awaitStatus(second, sid, authToken, 403);
            }
        }
    }

    private void awaitStatus(RotundaNode node, String user, String password, int status) throws Exception {
        await(() -> send(node, user, password, "GET", "/v1/Rooms", "").statusCode() == status);
    }

    private static void await(Callable<Boolean> condition) throws Exception {
        long deadline = System.nanoTime() + EFFECTIVE_WITHIN.toNanos();
        while (!condition.call()) {
            assertThat(System.nanoTime()).as("in time").isLessThan(deadline);
            LockSupport.parkNanos(LOOK_EVERY.toNanos());
        }
    }

    private JsonNode post(RotundaNode node, String user, String password, String path, String form)
            throws IOException, InterruptedException {
        HttpResponse<String> response = send(node, user, password, "POST", path, form);
        assertThat(response.statusCode()).as(response.body()).isBetween(200, 299);
        return json.readTree(response.body());
    }

    private HttpResponse<String> send(
            RotundaNode node, String user, String password, String method, String path, String form)
            throws IOException, InterruptedException {
        String basic = Base64.getEncoder().encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
        return http.send(
                HttpRequest.newBuilder(URI.create(node.httpUrl() + path))
                        .header("Authorization", "Basic " + basic)
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .method(method, form.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(form))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    /** Returns the type of the answer to a token, with the code of an error. */
    private static String answerToToken(RotundaNode node, String token) {
        URI url = URI.create(node.httpUrl());
        SignalingClient client = SignalingClient.connect(new InetSocketAddress(url.getHost(), url.getPort()))
                .send("{\"type\":\"hello\",\"version\":2,\"id\":\"1\",\"timeout\":5000,\"body\":"
                        + "{\"type\":\"ice\",\"version\":1,\"edge\":\"roaming\",\"token\":\"" + token + "\"}}");
        assertThat(client.next().path("type").asText()).isEqualTo("welcome");
        JsonNode body = client.next().path("body");
        String type = body.path("type").asText();
        return type.equals("error") ? type + " " + body.path("code").asInt() : type;
    }

    private static Map<String, String> keys(String url, int port, int seed) {
        Map<String, String> keys = new HashMap<>();
        keys.put("rotunda.node.roles", "[gateway, room]");
        keys.put("rotunda.cluster.port", Integer.toString(port));
        keys.put("rotunda.cluster.lifeline-port", "0");
        keys.put("rotunda.cluster.seeds", "[\"127.0.0.1:" + seed + "\"]");
        keys.put("rotunda.account-store.secrets-keys", "[\"" + "5e".repeat(32) + "\"]");
        keys.put("rotunda.http.port", "0");
        keys.put("rotunda.management.port", "0");
        keys.put("rotunda.db.url", "\"" + url + "\"");
        keys.put("rotunda.db.user", "postgres");
        keys.put("rotunda.db.password", "\"\"");
        keys.put("rotunda.db.pool-size", "4");
        keys.put("rotunda.db.journal-pool-size", "4");
        return keys;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
