package org.rotunda.gateway.callback;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.Done;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.rotunda.gateway.testkit.FakeCallbacks;
import org.rotunda.gateway.testkit.GatewayFixture;
import org.rotunda.room.protocol.AccountSid;
import org.rotunda.room.protocol.CallbackFailure;
import org.rotunda.room.protocol.CallbackStatus;
import org.rotunda.room.protocol.RoomSid;
import org.rotunda.room.protocol.StatusCallback;

/** Tests what the sender sends and when. The test plays the receivers. */
class CallbackSenderTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final AccountSid OTHER = new AccountSid("AC" + "9".repeat(32));

    private static ActorTestKit kit;

    private final FakeCallbacks outbox = new FakeCallbacks();
    private final BlockingQueue<Sending> sendings = new LinkedBlockingQueue<>();
    private final CallbackStatistics statistics = new CallbackStatistics();
    private final Random random = new Random(2);
    private @Nullable ActorRef<CallbackSender.Command> sender;

    /** An attempt that waits for its result. */
    private record Sending(StatusCallback callback, CompletableFuture<AttemptResult> result) {
        void answer(int status) {
            result.complete(AttemptResult.answered(status, Duration.ZERO));
        }
    }

    @BeforeAll
    static void startKit() {
        kit = ActorTestKit.create(
                "sender", ConfigFactory.parseString("pekko.loglevel = WARNING").withFallback(ConfigFactory.load()));
    }

    @AfterAll
    static void stopKit() {
        kit.shutdownTestKit();
    }

    @AfterEach
    void stopSender() {
        if (sender != null) {
            kit.stop(sender);
        }
    }

    private void start(String overrides) {
        CallbackSettings settings = CallbackSettings.from(
                ConfigFactory.parseString("rotunda.callbacks { poll-interval = 20ms }\n" + overrides)
                        .withFallback(ConfigFactory.load()));
        sender = kit.spawn(CallbackSender.create(
                new CallbackSender.Parts(outbox, this::send, settings, Clock.systemUTC(), new Random(1), statistics)));
    }

    private CompletionStage<AttemptResult> send(StatusCallback callback) {
        Sending sending = new Sending(callback, new CompletableFuture<>());
        sendings.add(sending);
        return sending.result();
    }

    private Sending next() {
        Sending next = nextWithin(PATIENCE);
        if (next == null) {
            throw new AssertionError("nothing was sent");
        }
        return next;
    }

    private @Nullable Sending nextWithin(Duration patience) {
        try {
            return sendings.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private RoomSid room(AccountSid account, int callbacks) {
        RoomSid room = RoomSid.random(random);
        for (int number = 0; number < callbacks; number++) {
            outbox.put(
                    Callbacks.callback(account, room, number, 0, Instant.now(), "https://hooks.example.com/", "POST"));
        }
        return room;
    }

    private static void until(Runnable assertion) {
        kit.<Object>createTestProbe().awaitAssert(PATIENCE, () -> {
            assertion.run();
            return null;
        });
    }

    @Test
    void sendsTheCallbacksOfARoomOneAfterTheOther() {
        room(GatewayFixture.ACCOUNT, 3);
        start("");

        for (long number = 0; number < 3; number++) {
            Sending sending = next();
            assertThat(sending.callback().sequenceNumber()).isEqualTo(number);
            assertThat(sendings).isEmpty();
            sending.answer(200);
        }

        until(() -> assertThat(outbox.all()).isEmpty());
        until(() -> assertThat(statistics.snapshot().attempts()).containsEntry("delivered", 3L));
        until(() -> assertThat(statistics.snapshot().inFlight()).isZero());
    }

    @Test
    void aCallbackThatFailsIsSentAgainBeforeTheNext() {
        room(GatewayFixture.ACCOUNT, 2);
        start("");

        next().answer(503);
        Sending again = next();
        assertThat(again.callback().sequenceNumber()).isZero();
        assertThat(again.callback().attempts()).isEqualTo(1);
        again.answer(200);
        assertThat(next().callback().sequenceNumber()).isEqualTo(1);
        assertThat(statistics.snapshot().attempts()).containsEntry("server_error", 1L);
    }

    @Test
    void aCallbackThatIsGivenUpMakesWayForTheNext() {
        RoomSid room = room(GatewayFixture.ACCOUNT, 2);
        start("");

        next().result().complete(AttemptResult.failed(CallbackFailure.FORBIDDEN, "private"));
        assertThat(next().callback().sequenceNumber()).isEqualTo(1);

        assertThat(outbox.all())
                .filteredOn(each -> each.status() == CallbackStatus.FAILED)
                .singleElement()
                .satisfies(each -> assertThat(each.room()).isEqualTo(room));
        assertThat(statistics.snapshot().givenUp()).containsEntry("forbidden", 1L);
    }

    @Test
    void oneAccountDoesNotTakeThePlacesOfOthers() {
        for (int i = 0; i < 6; i++) {
            room(GatewayFixture.ACCOUNT, 1);
        }
        room(OTHER, 1);
        start("rotunda.callbacks { in-flight-max = 4, account-in-flight-max = 3 }");

        List<Sending> first = List.of(next(), next(), next(), next());
        assertThat(first.stream().map(each -> each.callback().account()))
                .containsExactlyInAnyOrder(
                        GatewayFixture.ACCOUNT, GatewayFixture.ACCOUNT, GatewayFixture.ACCOUNT, OTHER);
        assertThat(statistics.snapshot().inFlight()).isEqualTo(4);
        first.forEach(each -> each.answer(200));
        for (int i = 0; i < 3; i++) {
            next().answer(200);
        }

        until(() -> assertThat(outbox.all()).isEmpty());
        assertThat(sendings).isEmpty();
    }

    @Test
    void noMoreCallbacksAreInFlightThanTheBound() {
        for (int i = 0; i < 20; i++) {
            room(i % 2 == 0 ? GatewayFixture.ACCOUNT : OTHER, 2);
        }
        start("rotunda.callbacks { in-flight-max = 5 }");
        List<Sending> inFlight = new ArrayList<>();
        int most = 0;
        while (!outbox.all().isEmpty()) {
            Sending next = nextWithin(Duration.ofMillis(50));
            if (next != null) {
                inFlight.add(next);
            }
            most = Math.max(most, inFlight.size() + sendings.size());
            if (!inFlight.isEmpty() && (next == null || inFlight.size() == 5)) {
                inFlight.remove(random.nextInt(inFlight.size())).answer(200);
            }
        }

        assertThat(most).isEqualTo(5);
    }

    @Test
    void aLongQueueGivesWayToOtherRooms() {
        RoomSid endless = room(GatewayFixture.ACCOUNT, CallbackSender.IN_A_ROW_MAX + 2);
        start("rotunda.callbacks { in-flight-max = 1 }");
        Sending first = next();
        assertThat(first.callback().room()).isEqualTo(endless);
        RoomSid waiting = room(OTHER, 1);
        first.answer(200);
        for (int i = 1; i < CallbackSender.IN_A_ROW_MAX; i++) {
            Sending sending = next();
            assertThat(sending.callback().room()).isEqualTo(endless);
            sending.answer(200);
        }

        List<RoomSid> rest = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            Sending sending = next();
            rest.add(sending.callback().room());
            sending.answer(200);
        }
        assertThat(rest).containsExactlyInAnyOrder(endless, endless, waiting);
    }

    @Test
    void aResultThatCannotBeNotedIsNotedLaterAndNotSentTwice() {
        room(GatewayFixture.ACCOUNT, 2);
        outbox.refuseReports(2);
        start("");

        next().answer(200);

        assertThat(next().callback().sequenceNumber()).isEqualTo(1);
        assertThat(statistics.snapshot().attempts()).containsEntry("delivered", 1L);
    }

    @Test
    void aDefectOfTheClientCountsAsAFailedAttempt() {
        room(GatewayFixture.ACCOUNT, 1);
        start("");

        next().result().completeExceptionally(new IllegalStateException("a defect of the test"));

        assertThat(next().callback().attempts()).isEqualTo(1);
    }

    @Test
    void aStoppingSenderEndsWhatIsInFlightAndBeginsNothing() {
        RoomSid room = room(GatewayFixture.ACCOUNT, 2);
        start("");
        Sending inFlight = next();
        TestProbe<Done> stopped = kit.createTestProbe();

        Objects.requireNonNull(sender).tell(new CallbackSender.Stop(stopped.getRef()));
        room(OTHER, 1);
        stopped.expectNoMessage(Duration.ofMillis(100));
        inFlight.answer(200);

        stopped.expectMessage(PATIENCE, Done.getInstance());
        assertThat(sendings).isEmpty();
        assertThat(outbox.isClaimed(room)).as("left to another gateway").isFalse();
        assertThat(outbox.all()).hasSize(2);
        sender = null;
    }
}
