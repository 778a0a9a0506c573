package org.rotunda.gateway.callback;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.rotunda.gateway.auth.Secret;
import org.rotunda.gateway.testkit.GatewayFixture;
import org.rotunda.room.protocol.CallbackFailure;
import org.rotunda.room.protocol.StatusCallback;

/** Tests attempts against a real receiver, and that nothing is sent to forbidden targets. */
class HttpCallbackClientTest {
    private static final String LOOPBACK = "rotunda.callbacks.allow = [\"127.0.0.0/8\", \"::1\"]\n";
    private static final SigningTokens TOKENS = account -> account.equals(GatewayFixture.ACCOUNT)
            ? Optional.of(Secret.of(GatewayFixture.AUTH_TOKEN))
            : Optional.empty();

    private static final InetAddress LOOPBACK_V4 = address("127.0.0.1");

    private static ActorTestKit kit;

    private final List<AutoCloseable> open = new ArrayList<>();

    @BeforeAll
    static void start() {
        kit = ActorTestKit.create(
                "callbacks",
                ConfigFactory.parseString("pekko.loglevel = WARNING").withFallback(ConfigFactory.load()));
    }

    @AfterAll
    static void stop() {
        kit.shutdownTestKit();
    }

    @AfterEach
    void closeAll() throws Exception {
        for (AutoCloseable each : open) {
            each.close();
        }
    }

    /** Returns the address of a literal, which is not looked up. */
    private static InetAddress address(String literal) {
        try {
            return InetAddress.getAllByName(literal)[0];
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    private HttpCallbackClient client(String overrides) {
        return client(overrides, InetAddress::getAllByName);
    }

    private HttpCallbackClient client(String overrides, HttpCallbackClient.Resolver resolver) {
        CallbackSettings settings =
                CallbackSettings.from(ConfigFactory.parseString(overrides).withFallback(ConfigFactory.load()));
        HttpCallbackClient client = new HttpCallbackClient(kit.system(), settings, TOKENS, resolver, null);
        open.add(client);
        return client;
    }

    private Receiver receiver(Receiver.Answer answer) {
        Receiver receiver = Receiver.answering(answer);
        open.add(receiver);
        return receiver;
    }

    private Receiver receiver(int status) {
        Receiver receiver = Receiver.answering(status);
        open.add(receiver);
        return receiver;
    }

    private static AttemptResult send(HttpCallbackClient client, StatusCallback callback) {
        return client.send(callback)
                .toCompletableFuture()
                .orTimeout(30, TimeUnit.SECONDS)
                .join();
    }

    // --- requests

    @Test
    void postsTheParametersInTheBodyAndSignsThem() {
        Receiver receiver = receiver(200);
        StatusCallback callback = Callbacks.callback(receiver.url("/video/events?tenant=42"), "POST");

        AttemptResult result = send(client(LOOPBACK), callback);

        assertThat(result.failure()).isNull();
        Receiver.Seen seen = receiver.next();
        assertThat(seen.method()).isEqualTo("POST");
        assertThat(seen.target()).isEqualTo("/video/events?tenant=42");
        assertThat(seen.body()).isEqualTo(callback.form());
        assertThat(seen.header("Content-type")).isEqualTo("application/x-www-form-urlencoded");
        assertThat(seen.header("Host")).isEqualTo("127.0.0.1:" + receiver.port());
        assertThat(seen.header("User-agent")).isEqualTo("Rotunda");
        assertThat(seen.header("I-twilio-idempotency-token"))
                .isEqualTo(callback.sid().idempotencyToken());
        assertThat(seen.header("Authorization")).isEmpty();
        assertThat(seen.isGenuine()).isTrue();
    }

    @Test
    void everyAttemptSendsTheSame() {
        Receiver receiver = receiver(200);
        HttpCallbackClient client = client(LOOPBACK);
        StatusCallback callback = Callbacks.callback(receiver.url("/again"), "POST");

        send(client, callback);
        send(client, callback);

        Receiver.Seen first = receiver.next();
        Receiver.Seen second = receiver.next();
        assertThat(second.body()).isEqualTo(first.body());
        for (String header : List.of("X-twilio-signature", "I-twilio-idempotency-token")) {
            assertThat(second.header(header)).isEqualTo(first.header(header)).isNotEmpty();
        }
    }

    @Test
    void getsWithTheParametersInTheQuery() {
        Receiver receiver = receiver(200);
        StatusCallback callback = Callbacks.callback(receiver.url("/events?tenant=42"), "GET");

        assertThat(send(client(LOOPBACK), callback).failure()).isNull();

        Receiver.Seen seen = receiver.next();
        assertThat(seen.method()).isEqualTo("GET");
        assertThat(seen.target()).isEqualTo("/events?tenant=42&" + callback.form());
        assertThat(seen.body()).isEmpty();
        assertThat(seen.isGenuine()).isTrue();
    }

    /** The receiver computes the signature from the target that it sees, so the target must be the signed one. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "?a=b",
                "/a/../b",
                "/a//b/",
                "/%7Efoo/%2F%2f?x=%41&y=%2B+z",
                "/a;b=c,d/e:f@g!$&'()*?q[]=1&r=%7Bx%7D",
                "/é/日本?ü=ß",
                "/p?",
                "/p?a=b#fragment",
                "/p?a&b==&&c"
            })
    void theReceiverSeesExactlyTheSignedUrl(String target) {
        Receiver receiver = receiver(200);
        HttpCallbackClient client = client(LOOPBACK);

        for (String method : List.of("POST", "GET")) {
            assertThat(send(client, Callbacks.callback(receiver.url(target), method))
                            .failure())
                    .isNull();
            assertThat(receiver.next().isGenuine()).as(method).isTrue();
        }
    }

    @Test
    void sendsTheUserAndThePasswordOfTheUrlAsCredentials() {
        Receiver receiver = receiver(200);
        String url = "http://user+x:p%40ss%3A@127.0.0.1:" + receiver.port() + "/";

        assertThat(send(client(LOOPBACK), Callbacks.callback(url, "POST")).failure())
                .isNull();

        Receiver.Seen seen = receiver.next();
        assertThat(seen.header("Authorization"))
                .isEqualTo(
                        "Basic " + Base64.getEncoder().encodeToString("user+x:p@ss:".getBytes(StandardCharsets.UTF_8)));
        assertThat(seen.isGenuine()).isTrue();
    }

    @Test
    void reachesAReceiverOnIpVersion6() {
        Receiver receiver = Receiver.on(address("::1"));
        open.add(receiver);

        AttemptResult result =
                send(client(LOOPBACK), Callbacks.callback("http://[::1]:" + receiver.port() + "/x", "POST"));

        assertThat(result.detail()).isEmpty();
        Receiver.Seen seen = receiver.next();
        assertThat(seen.header("Host")).isEqualTo("[::1]:" + receiver.port());
        assertThat(seen.isGenuine()).isTrue();
    }

    // --- answers

    @ParameterizedTest
    @CsvSource({
        "200, ",
        "204, ",
        "299, ",
        "301, REDIRECT",
        "302, REDIRECT",
        "400, REFUSED",
        "404, REFUSED",
        "408, SERVER_ERROR",
        "429, SERVER_ERROR",
        "500, SERVER_ERROR",
        "503, SERVER_ERROR"
    })
    void takesTheStatusForTheResult(int status, String failure) {
        Receiver receiver = receiver(status);

        AttemptResult result = send(client(LOOPBACK), Callbacks.callback(receiver.url("/"), "POST"));

        assertThat(result.failure()).isEqualTo(failure == null ? null : CallbackFailure.valueOf(failure));
        assertThat(result.httpStatus()).isEqualTo(status);
    }

    @Test
    void readsForHowLongTheReceiverWantsToBeLeftAlone() {
        Receiver receiver = receiver((exchange, self) -> {
            exchange.getResponseHeaders().set("Retry-After", "17");
            exchange.sendResponseHeaders(503, -1);
        });

        assertThat(send(client(LOOPBACK), Callbacks.callback(receiver.url("/"), "POST"))
                        .retryAfter())
                .isEqualTo(Duration.ofSeconds(17));
    }

    @Test
    void doesNotFollowARedirect() {
        Receiver target = receiver(200);
        Receiver receiver = receiver((exchange, self) -> {
            exchange.getResponseHeaders().set("Location", target.url("/metadata"));
            exchange.sendResponseHeaders(302, -1);
        });

        AttemptResult result = send(client(LOOPBACK), Callbacks.callback(receiver.url("/"), "POST"));

        assertThat(result.failure()).isEqualTo(CallbackFailure.REDIRECT);
        assertThat(target.sawNothing()).isTrue();
    }

    @Test
    void readsNoMoreOfABodyThanItsBound() {
        Receiver receiver = receiver((exchange, self) -> {
            exchange.sendResponseHeaders(200, 0);
            try (OutputStream body = exchange.getResponseBody()) {
                byte[] chunk = new byte[64 * 1024];
                for (int i = 0; i < 16_384; i++) { // A gibibyte, unless the client breaks off.
                    body.write(chunk);
                }
            } catch (IOException brokenOff) {
                return;
            }
        });

        assertThat(send(client(LOOPBACK), Callbacks.callback(receiver.url("/"), "POST"))
                        .failure())
                .isNull();
    }

    @Test
    void givesUpAReceiverThatDoesNotAnswer() {
        Receiver receiver = receiver((exchange, self) -> self.hang());

        AttemptResult result = send(
                client(LOOPBACK + "rotunda.callbacks.request-timeout = 300ms"),
                Callbacks.callback(receiver.url("/"), "POST"));

        assertThat(result.failure()).isEqualTo(CallbackFailure.TIMEOUT);
    }

    @Test
    void givesUpAReceiverThatDoesNotEndItsAnswer() {
        Receiver receiver = receiver((exchange, self) -> {
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write('x');
            exchange.getResponseBody().flush();
            self.hang();
        });

        AttemptResult result = send(
                client(LOOPBACK + "rotunda.callbacks.request-timeout = 300ms"),
                Callbacks.callback(receiver.url("/"), "POST"));

        assertThat(result.failure()).isEqualTo(CallbackFailure.TIMEOUT);
    }

    @Test
    void givesUpANameServiceThatDoesNotAnswer() {
        HttpCallbackClient client = client(LOOPBACK + "rotunda.callbacks.request-timeout = 300ms", host -> {
            try {
                new CountDownLatch(1).await(); // Closing the client interrupts this thread.
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            throw new UnknownHostException(host);
        });

        assertThat(send(client, Callbacks.callback("http://slow.example/", "POST"))
                        .failure())
                .isEqualTo(CallbackFailure.TIMEOUT);
    }

    @Test
    void reportsAReceiverThatIsDownOrUnknownOrSpeaksAnotherProtocol() throws IOException {
        int closedPort;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            closedPort = socket.getLocalPort();
        }
        int otherPort = serve("220 mail.example ESMTP\r\n");
        HttpCallbackClient unknowing = client(LOOPBACK, host -> {
            throw new UnknownHostException(host);
        });

        for (String url : List.of(
                "http://127.0.0.1:" + closedPort + "/",
                "http://127.0.0.1:" + otherPort + "/",
                "https://127.0.0.1:" + otherPort + "/")) {
            AttemptResult result = send(client(LOOPBACK), Callbacks.callback(url, "POST"));
            assertThat(result.failure()).as(url).isEqualTo(CallbackFailure.UNREACHABLE);
            assertThat(result.detail()).as(url).isNotEmpty();
        }
        assertThat(send(unknowing, Callbacks.callback("http://unknown.example/", "POST"))
                        .failure())
                .isEqualTo(CallbackFailure.UNREACHABLE);
    }

    /** Answers every connection with this text, and returns the port. */
    private int serve(String text) throws IOException {
        ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        open.add(socket);
        Thread server = new Thread(() -> {
            while (!socket.isClosed()) {
                try (Socket connection = socket.accept()) {
                    connection.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
                } catch (IOException closed) {
                    return;
                }
            }
        });
        server.setDaemon(true);
        server.start();
        return socket.getLocalPort();
    }

    // --- guards

    /** All of these reach the receiver if the guard lets them. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "localhost",
                "LOCALHOST",
                "127.0.0.2",
                "0.0.0.0",
                "[::1]",
                "[::]",
                "[::ffff:127.0.0.1]",
                "[::ffff:7f00:1]",
                "2130706433",
                "127.1",
                "0177.0.0.1",
                "0x7f.0.0.1",
                "0x7f000001",
                "user@127.0.0.1"
            })
    void withTheDefaultSettingsNothingGoesToThisMachine(String host) {
        Receiver receiver = receiver(200);
        StatusCallback callback = Callbacks.callback("http://" + host + ":" + receiver.port() + "/", "POST");

        AttemptResult result = send(client(""), callback);

        assertThat(result.failure()).isEqualTo(CallbackFailure.FORBIDDEN);
        assertThat(result.detail()).doesNotContain("127", "::1");
        assertThat(receiver.sawNothing()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "169.254.169.254",
                "[fd00:ec2::254]",
                "[::ffff:169.254.169.254]",
                "2852039166",
                "0xa9fea9fe",
                "0251.0376.0251.0376",
                "10.0.0.1",
                "192.168.1.1",
                "[64:ff9b::a9fe:a9fe]"
            })
    void withTheDefaultSettingsNothingGoesToMetadataOrPrivateAddresses(String host) {
        assertThat(send(client(""), Callbacks.callback("http://" + host + "/latest/meta-data", "GET"))
                        .failure())
                .isEqualTo(CallbackFailure.FORBIDDEN);
    }

    @Test
    void aNameThatResolvesToAForbiddenAddressIsForbidden() {
        Receiver receiver = receiver(200);
        HttpCallbackClient client = client("", host -> new InetAddress[] {address("8.8.8.8"), LOOPBACK_V4});

        assertThat(send(client, Callbacks.callback("http://public.example:" + receiver.port() + "/", "POST"))
                        .failure())
                .isEqualTo(CallbackFailure.FORBIDDEN);
        assertThat(receiver.sawNothing()).isTrue();
    }

    /** Otherwise a name service could give the guard a public address, and the connection a private one. */
    @Test
    void connectsToTheAddressThatWasCheckedWithoutASecondLookUp() {
        Receiver receiver = receiver(200);
        List<String> lookUps = new CopyOnWriteArrayList<>();
        HttpCallbackClient client = client(LOOPBACK, host -> {
            lookUps.add(host);
            return new InetAddress[] {LOOPBACK_V4};
        });
        String url = "http://Receiver.Example:" + receiver.port() + "/x";

        assertThat(send(client, Callbacks.callback(url, "POST")).failure()).isNull();

        assertThat(lookUps).containsExactly("receiver.example");
        Receiver.Seen seen = receiver.next();
        assertThat(seen.header("Host")).isEqualTo("receiver.example:" + receiver.port());
        assertThat(seen.isGenuine()).isTrue();
    }

    @Test
    void theNextAttemptTakesTheNextAddress() {
        Receiver receiver = receiver(200);
        HttpCallbackClient client = client(LOOPBACK, host -> new InetAddress[] {
            address("127.0.0.9"), // Nobody listens there.
            LOOPBACK_V4
        });
        String url = "http://two.example:" + receiver.port() + "/";
        StatusCallback first = Callbacks.callback(url, "POST");
        StatusCallback second =
                Callbacks.callback(first.account(), first.room(), 7, 1, first.retriedFrom(), url, "POST");

        assertThat(send(client, first).failure()).isEqualTo(CallbackFailure.UNREACHABLE);
        assertThat(send(client, second).failure()).isNull();
    }

    @Test
    void withoutAnAuthTokenNothingIsSent() {
        Receiver receiver = receiver(200);
        StatusCallback callback = Callbacks.callback(
                new org.rotunda.room.protocol.AccountSid("AC" + "9".repeat(32)),
                Callbacks.ROOM,
                0,
                0,
                Callbacks.callback(receiver.url("/"), "POST").retriedFrom(),
                receiver.url("/"),
                "POST");

        assertThat(send(client(LOOPBACK), callback).failure()).isEqualTo(CallbackFailure.UNSIGNED);
        assertThat(receiver.sawNothing()).isTrue();
    }
}
