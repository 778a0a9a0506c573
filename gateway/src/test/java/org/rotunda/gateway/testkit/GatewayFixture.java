package org.rotunda.gateway.testkit;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.jspecify.annotations.Nullable;
import org.rotunda.gateway.Gateway;
import org.rotunda.gateway.GatewaySettings;
import org.rotunda.gateway.auth.AccessTokenMint;
import org.rotunda.gateway.auth.Accounts;
import org.rotunda.gateway.auth.ApiKey;
import org.rotunda.gateway.auth.Secret;
import org.rotunda.room.protocol.AccountSid;
import org.rotunda.room.protocol.RoomCommand;

/** A gateway on a free port. The test plays the rooms behind it. */
public final class GatewayFixture implements AutoCloseable {
    public static final AccountSid ACCOUNT = new AccountSid("AC00000000000000000000000000000001");
    public static final String AUTH_TOKEN = "dev-auth-token";
    public static final String KEY = "SK00000000000000000000000000000001";
    public static final String KEY_SECRET = "dev-api-key-secret-for-localhost-only";
    private static final String CONFIG = """
        rotunda {
          http { host = "127.0.0.1", port = 0, dev-token = on, demo-page = on }
          signaling.close-grace = 200 ms
          callbacks.poll-interval = 1 h
          limits { reads-per-second = 0, writes-per-second = 0, connects-per-second = 0, failures-per-minute = 0 }
          accounts = [{ sid = %s, auth-tokens = [%s], keys = [{ sid = %s, secret = %s }] }]
        }
        pekko.loglevel = WARNING
        """.formatted(ACCOUNT, AUTH_TOKEN, KEY, KEY_SECRET);

    private final ActorTestKit kit;
    private final Accounts accounts;

    public final TestProbe<RoomCommand> room;
    public final FakeRooms rooms;
    public final FakeAccounts accountStore = new FakeAccounts();
    public final FakeCallbacks callbacks = new FakeCallbacks();
    public final FakeErasure erasure = new FakeErasure();
    public final FakeInsights insights = new FakeInsights();
    public final AtomicInteger liveGateways = new AtomicInteger(1);
    public final Gateway gateway;

    private GatewayFixture(Config config) {
        kit = ActorTestKit.create("gateway-test", config);
        room = kit.createTestProbe("room", RoomCommand.class);
        rooms = new FakeRooms(room.getRef());
        GatewaySettings settings = GatewaySettings.from(config);
        accounts = settings.accounts();
        gateway = await(Gateway.start(
                kit.system(),
                rooms,
                rooms,
                accountStore,
                callbacks,
                callbacks,
                erasure,
                insights,
                liveGateways::get,
                settings,
                Clock.systemUTC()));
    }

    public static GatewayFixture start() {
        return start("");
    }

    /** @param overrides HOCON settings that override the configuration */
    public static GatewayFixture start(String overrides) {
        return new GatewayFixture(ConfigFactory.parseString(overrides)
                .withFallback(ConfigFactory.parseString(CONFIG))
                .withFallback(ConfigFactory.load())
                .resolve());
    }

    public InetSocketAddress address() {
        return gateway.address();
    }

    /** Returns a probe, for instance to wait for a condition. */
    public TestProbe<Object> probe() {
        return kit.createTestProbe();
    }

    public SignalingClient signaling() {
        return SignalingClient.connect(address());
    }

    /** Returns an access token that is signed with the secret of any key. */
    public static String token(String account, String key, String secret, String identity, @Nullable String onlyRoom) {
        return AccessTokenMint.mint(
                new Accounts.OwnedKey(new AccountSid(account), new ApiKey(key, Secret.of(secret))),
                identity,
                onlyRoom,
                Clock.systemUTC().instant(),
                Duration.ofHours(1));
    }

    public String token(String identity, @Nullable String onlyRoom) {
        return AccessTokenMint.mint(
                accounts.key(KEY).orElseThrow(),
                identity,
                onlyRoom,
                Clock.systemUTC().instant(),
                Duration.ofHours(1));
    }

    public static <T> T await(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().get(10, TimeUnit.SECONDS);
        } catch (InterruptedException
                | java.util.concurrent.ExecutionException
                | java.util.concurrent.TimeoutException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        kit.shutdownTestKit();
    }
}
