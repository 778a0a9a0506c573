package org.rotunda.gateway.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.twilio.exception.ApiException;
import com.twilio.http.NetworkHttpClient;
import com.twilio.http.Request;
import com.twilio.http.Response;
import com.twilio.http.TwilioRestClient;
import com.twilio.jwt.accesstoken.AccessToken;
import com.twilio.jwt.accesstoken.VideoGrant;
import com.twilio.rest.api.v2010.Account;
import com.twilio.rest.api.v2010.account.Key;
import com.twilio.rest.api.v2010.account.NewKey;
import com.twilio.rest.api.v2010.account.NewSigningKey;
import com.twilio.rest.api.v2010.account.SigningKey;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.rotunda.gateway.testkit.GatewayFixture;
import org.rotunda.gateway.testkit.SignalingClient;

/** Tests accounts, keys and tokens with the unmodified helper library for Java, whose requests go to our server. */
class AccountLibraryTest {
    private static GatewayFixture server;
    private static TwilioRestClient client;

    /** Sends the library's requests to our server, because the library's host name is built in. */
    private static final class AddressChanged extends NetworkHttpClient {
        private final String base;

        AddressChanged(String base) {
            this.base = base;
        }

        @Override
        public Response makeRequest(Request request) {
            Request ours = new Request(request.getMethod(), request.getUrl().replaceFirst("https?://[^/]+", base));
            request.getQueryParams().forEach((name, all) -> all.forEach(value -> ours.addQueryParam(name, value)));
            request.getPostParams().forEach((name, all) -> all.forEach(value -> ours.addPostParam(name, value)));
            ours.setContentType(request.getContentType());
            ours.setAuth(GatewayFixture.ACCOUNT.value(), GatewayFixture.AUTH_TOKEN);
            return super.makeRequest(ours);
        }
    }

    @BeforeAll
    static void start() {
        server = GatewayFixture.start();
        client = new TwilioRestClient.Builder(GatewayFixture.ACCOUNT.value(), GatewayFixture.AUTH_TOKEN)
                .httpClient(new AddressChanged(
                        "http://127.0.0.1:" + server.address().getPort()))
                .build();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    /** The library refuses to sign with a secret of fewer than 32 bytes. */
    @Test
    void signsTokensWithTheDevelopersKeyAndWithANewKey() {
        NewKey created = NewKey.creator().create(client);
        for (Map.Entry<String, String> key : Map.of(
                        GatewayFixture.KEY, GatewayFixture.KEY_SECRET, created.getSid(), created.getSecret())
                .entrySet()) {
            String token = new AccessToken.Builder(
                            GatewayFixture.ACCOUNT.value(),
                            key.getKey(),
                            key.getValue().getBytes(StandardCharsets.UTF_8))
                    .identity("alice")
                    .grant(new VideoGrant().setRoom("daily"))
                    .build()
                    .toJwt();
            SignalingClient signaling = server.signaling()
                    .send("{\"type\":\"hello\",\"version\":2,\"id\":\"1\",\"timeout\":5000,\"body\":"
                            + "{\"type\":\"ice\",\"version\":1,\"edge\":\"roaming\",\"token\":\"" + token + "\"}}");
            assertThat(signaling.next().path("type").asText()).isEqualTo("welcome");
            signaling.body("iced");
        }
    }

    @Test
    void administersKeysOfAccounts() {
        NewKey created = NewKey.creator().setFriendlyName("library key").create(client);
        assertThat(created.getSecret()).hasSize(32);
        assertThat(created.getDateCreated()).isNotNull();
        assertThat(created.getFriendlyName()).isEqualTo("library key");

        List<String> listed = new ArrayList<>();
        Key.reader().pageSize(1).read(client).forEach(key -> listed.add(key.getSid()));
        assertThat(listed).contains(created.getSid());
        assertThat(Key.fetcher(created.getSid()).fetch(client).getDateUpdated()).isNotNull();
        assertThat(Key.updater(created.getSid())
                        .setFriendlyName("renamed")
                        .update(client)
                        .getFriendlyName())
                .isEqualTo("renamed");
        assertThat(Key.deleter(created.getSid()).delete(client)).isTrue();
        assertThatThrownBy(() -> Key.fetcher(created.getSid()).fetch(client))
                .isInstanceOfSatisfying(
                        ApiException.class, e -> assertThat(e.getCode()).isEqualTo(20404));
        assertThat(NewSigningKey.creator().create(client).getSecret()).hasSize(32);
        assertThat(SigningKey.reader().read(client).iterator().hasNext()).isTrue();
    }

    @Test
    void administersSubaccounts() {
        Account created = Account.creator().setFriendlyName("library account").create(client);
        assertThat(created.getStatus()).isEqualTo(Account.Status.ACTIVE);
        assertThat(created.getAuthToken()).isNotEmpty();
        assertThat(created.getOwnerAccountSid()).isEqualTo(GatewayFixture.ACCOUNT.value());

        List<String> listed = new ArrayList<>();
        Account.reader().pageSize(1).read(client).forEach(account -> listed.add(account.getSid()));
        assertThat(listed).contains(created.getSid(), GatewayFixture.ACCOUNT.value());
        assertThat(Account.updater(created.getSid())
                        .setStatus(Account.Status.SUSPENDED)
                        .update(client)
                        .getStatus())
                .isEqualTo(Account.Status.SUSPENDED);
        assertThat(Account.fetcher(created.getSid()).fetch(client).getStatus()).isEqualTo(Account.Status.SUSPENDED);
        assertThat(Account.fetcher().fetch(client).getSid()).isEqualTo(GatewayFixture.ACCOUNT.value());
    }
}
