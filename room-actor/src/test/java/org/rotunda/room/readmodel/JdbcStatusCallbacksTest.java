package org.rotunda.room.readmodel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rotunda.room.testkit.RoomSamples.ACCOUNT;
import static org.rotunda.room.testkit.RoomSamples.START;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.rotunda.room.protocol.CallbackFailure;
import org.rotunda.room.protocol.CallbackLog.CallbackFilter;
import org.rotunda.room.protocol.CallbackOutbox.ClaimRequest;
import org.rotunda.room.protocol.CallbackOutbox.Claimed;
import org.rotunda.room.protocol.CallbackOutbox.Claims;
import org.rotunda.room.protocol.CallbackSid;
import org.rotunda.room.protocol.CallbackStatus;
import org.rotunda.room.protocol.ParticipantSid;
import org.rotunda.room.protocol.RoomQueries.Page;
import org.rotunda.room.protocol.RoomQueries.PageRequest;
import org.rotunda.room.protocol.RoomSid;
import org.rotunda.room.protocol.StatusCallback;
import org.rotunda.room.protocol.StatusCallback.FailedAttempt;
import org.rotunda.room.state.RoomEvent;

/** Tests the queues and the log of status callbacks. */
class JdbcStatusCallbacksTest extends CallbackFixture {
    // --- the outbox

    @Test
    void aClaimTakesTheFirstCallbackOfEachRoomThatIsDue() throws SQLException {
        RoomSid first = room(ACCOUNT, "first", "POST");
        clock.advance(Duration.ofSeconds(1));
        RoomSid second = room(ACCOUNT, "second", "POST");
        connects(first, "alice");

        Claims claims = claim(10);

        assertThat(claims.taken())
                .extracting(each -> each.callback().room())
                .containsExactly(first, second); // The room that has waited for longer comes first.
        assertThat(claims.taken()).extracting(each -> each.callback().event()).containsOnly("room-created");
        assertThat(claims.more()).isFalse();
        assertThat(claim(10).taken()).isEmpty();
    }

    @Test
    void theNextCallbackOfARoomFollowsTheDelivery() throws SQLException {
        RoomSid room = room(ACCOUNT, "row", "POST");
        connects(room, "alice");
        project(room, new RoomEvent.RoomCompleted(clock.instant()));
        List<String> sent = new ArrayList<>();

        Optional<Claimed> next = Optional.of(onlyClaim());
        while (next.isPresent()) {
            sent.add(next.get().callback().event());
            next = await(callbacks.delivered(next.get(), clock.instant().plus(CLAIM)));
        }

        assertThat(sent)
                .containsExactly("room-created", "participant-connected", "participant-disconnected", "room-ended");
        assertThat(number("SELECT COUNT(*) FROM callbacks")).isZero();
        assertThat(number("SELECT COUNT(*) FROM callback_queues"))
                .as("the queue of the ended room")
                .isZero();
    }

    @Test
    void aRoomThatIsGivenUpIsDueAgainAtOnce() throws SQLException {
        RoomSid room = room(ACCOUNT, "long", "POST");
        connects(room, "alice");

        assertThat(await(callbacks.delivered(onlyClaim(), null))).isEmpty();

        assertThat(onlyClaim().callback().event()).isEqualTo("participant-connected");
    }

    @Test
    void aQueueThatIsEmptyIsDueAgainWithTheNextEvent() throws SQLException {
        RoomSid room = room(ACCOUNT, "quiet", "POST");
        assertThat(await(callbacks.delivered(onlyClaim(), clock.instant().plus(CLAIM))))
                .isEmpty();
        assertThat(claim(10).taken()).isEmpty();

        connects(room, "alice");

        assertThat(onlyClaim().callback().event()).isEqualTo("participant-connected");
    }

    @Test
    void anEventDuringADeliveryDoesNotMakeTheRoomDue() throws SQLException {
        RoomSid room = room(ACCOUNT, "busy", "POST");
        Claimed claimed = onlyClaim();
        connects(room, "alice");
        assertThat(claim(10).taken()).isEmpty();

        Optional<Claimed> next =
                await(callbacks.delivered(claimed, clock.instant().plus(CLAIM)));

        assertThat(next)
                .hasValueSatisfying(each -> assertThat(each.callback().event()).isEqualTo("participant-connected"));
    }

    @Test
    void aClaimLapsesAndTheLateReportOfTheFirstGatewayChangesNothing() throws SQLException {
        RoomSid room = room(ACCOUNT, "lapsed", "POST");
        connects(room, "alice");
        Claimed late = onlyClaim();
        clock.advance(CLAIM.minusMillis(1));
        assertThat(claim(10).taken()).isEmpty();
        clock.advance(Duration.ofMillis(1));

        Claimed taken = onlyClaim();
        assertThat(taken.callback()).isEqualTo(late.callback());
        assertThat(await(callbacks.delivered(late, clock.instant().plus(CLAIM))))
                .isEmpty();
        await(callbacks.retry(late, failure(CallbackFailure.TIMEOUT), clock.instant()));
        assertThat(waiting(room)).hasSize(2);

        assertThat(await(callbacks.delivered(taken, clock.instant().plus(CLAIM))))
                .isPresent();
    }

    @Test
    void aRetryKeepsTheCallbackAtTheHeadUntilItIsDue() throws SQLException {
        RoomSid room = room(ACCOUNT, "retry", "POST");
        connects(room, "alice");
        Claimed claimed = onlyClaim();
        FailedAttempt attempt =
                new FailedAttempt(clock.instant(), CallbackFailure.SERVER_ERROR, 502, "Bad \uD83D\uDE00");

        await(callbacks.retry(claimed, attempt, clock.instant().plusSeconds(8)));

        connects(room, "bob"); // Does not make the room due sooner.
        clock.advance(Duration.ofMillis(7_999));
        assertThat(claim(10).taken()).isEmpty();
        clock.advance(Duration.ofMillis(1));
        StatusCallback again = onlyClaim().callback();
        assertThat(again.event()).isEqualTo("room-created");
        assertThat(again.attempts()).isEqualTo(1);
        assertThat(again.lastAttempt()).isEqualTo(attempt);
        assertThat(again.retriedFrom()).isEqualTo(START);
        assertThat(again.form()).isEqualTo(claimed.callback().form());
        assertThat(again.sid()).isEqualTo(claimed.callback().sid());
    }

    @Test
    void aCallbackThatIsGivenUpStaysInTheLogAndTheNextFollows() throws SQLException {
        RoomSid room = room(ACCOUNT, "given up", "POST");
        connects(room, "alice");
        Claimed claimed = onlyClaim();

        Optional<Claimed> next = await(callbacks.giveUp(
                claimed, failure(CallbackFailure.REFUSED), clock.instant().plus(CLAIM)));

        assertThat(next)
                .hasValueSatisfying(each -> assertThat(each.callback().event()).isEqualTo("participant-connected"));
        assertThat(failed(ACCOUNT)).singleElement().satisfies(each -> {
            assertThat(each.sid()).isEqualTo(claimed.callback().sid());
            assertThat(each.attempts()).isEqualTo(1);
            assertThat(each.lastAttempt()).isEqualTo(failure(CallbackFailure.REFUSED));
        });
    }

    @Test
    void theBoundOfAnAccountHoldsAndOthersAreNotKeptWaiting() throws SQLException {
        for (int i = 0; i < 5; i++) {
            room(ACCOUNT, "greedy-" + i, "POST");
        }
        clock.advance(Duration.ofSeconds(1));
        RoomSid other = room(OTHER, "modest", "POST");

        Claims first = await(callbacks.claim(
                new ClaimRequest(4, 3, Map.of(ACCOUNT, 1), clock.instant().plus(CLAIM))));
        assertThat(first.taken())
                .hasSize(2)
                .allSatisfy(each -> assertThat(each.callback().account()).isEqualTo(ACCOUNT));
        assertThat(first.more()).isTrue();

        Claims second = await(callbacks.claim(
                new ClaimRequest(4, 3, Map.of(ACCOUNT, 3), clock.instant().plus(CLAIM))));
        assertThat(second.taken()).extracting(each -> each.callback().room()).containsExactly(other);
        assertThat(second.more())
                .as("three rooms of the account wait for the end of a callback in flight")
                .isTrue();
    }

    @Test
    void aClaimTakesNoMoreThanItMay() throws SQLException {
        IntStream.range(0, 5).forEach(i -> roomUnchecked("many-" + i));

        Claims claims = await(callbacks.claim(
                new ClaimRequest(3, 10, Map.of(), clock.instant().plus(CLAIM))));

        assertThat(claims.taken()).hasSize(3);
        assertThat(claims.more()).isTrue();
    }

    @Test
    void aQueueThatAProjectionHasLockedIsLeftToTheNextClaim() throws SQLException {
        RoomSid locked = room(ACCOUNT, "locked", "POST");
        RoomSid open = room(ACCOUNT, "open", "POST");
        try (Connection connection = database.dataSource().getConnection()) {
            connection.setAutoCommit(false);
            RoomProjection.write(
                    connection, locked, connected(ParticipantSid.random(random), "alice"), 2, clock.instant());

            assertThat(claim(10).taken())
                    .extracting(each -> each.callback().room())
                    .containsExactly(open);
            connection.commit();
        }

        assertThat(onlyClaim().callback().room()).isEqualTo(locked);
    }

    /**
     * Several gateways claim, deliver, fail and die at random, while events go on. Each room's callbacks must be
     * delivered in order, and none may be lost.
     */
    @Test
    void callbacksArriveInOrderWhateverGatewaysDo() throws SQLException {
        List<RoomSid> rooms =
                IntStream.range(0, 6).mapToObj(i -> roomUnchecked("walk-" + i)).toList();
        Map<RoomSid, List<Long>> delivered = new HashMap<>();
        List<Claimed> inFlight = new ArrayList<>();
        for (int step = 0; step < 600; step++) {
            switch (random.nextInt(6)) {
                case 0 -> {
                    if (step < 300) {
                        connects(rooms.get(random.nextInt(rooms.size())), "guest-" + step);
                    }
                }
                case 1 -> inFlight.addAll(claim(1 + random.nextInt(4)).taken());
                case 2, 3 -> {
                    if (!inFlight.isEmpty()) {
                        Claimed claimed = inFlight.remove(random.nextInt(inFlight.size()));
                        deliver(claimed, delivered).ifPresent(inFlight::add);
                    }
                }
                case 4 -> {
                    if (!inFlight.isEmpty()) {
                        Claimed claimed = inFlight.remove(random.nextInt(inFlight.size()));
                        if (random.nextBoolean()) { // Otherwise the gateway dies without a report.
                            await(callbacks.retry(
                                    claimed,
                                    failure(CallbackFailure.UNREACHABLE),
                                    clock.instant().plusSeconds(random.nextInt(5))));
                        }
                    }
                }
                default -> clock.advance(Duration.ofSeconds(random.nextInt(10)));
            }
        }
        for (int rest = 0; rest < 1_000 && number("SELECT COUNT(*) FROM callbacks") > 0; rest++) {
            clock.advance(Duration.ofMinutes(1));
            for (Claimed claimed : claim(10).taken()) {
                Optional<Claimed> next = deliver(claimed, delivered);
                while (next.isPresent()) {
                    next = deliver(next.get(), delivered);
                }
            }
        }

        for (RoomSid room : rooms) {
            List<Long> numbers = delivered.getOrDefault(room, List.of());
            List<Long> once = numbers.stream().distinct().toList();
            assertThat(once)
                    .as("each number, in order")
                    .isEqualTo(numbersUntil(Math.toIntExact(eventNumbers.getOrDefault(room, 0L))));
            assertThat(delivered.get(room))
                    .as("repeats only of the last number")
                    .isSorted();
        }
    }

    /** Plays a receiver that has the callback, and a gateway whose report may come too late. */
    private Optional<Claimed> deliver(Claimed claimed, Map<RoomSid, List<Long>> delivered) {
        if (clock.instant().isBefore(claimed.until())) { // A gateway sends nothing under a claim that has lapsed.
            delivered
                    .computeIfAbsent(claimed.callback().room(), room -> new ArrayList<>())
                    .add(claimed.callback().sequenceNumber());
        }
        return await(callbacks.delivered(
                claimed, random.nextBoolean() ? clock.instant().plus(CLAIM) : null));
    }

    /** If the last callback of a queue and a new event met badly, the event would wait for ever. */
    @Test
    void gatewaysShareTheWorkWhileEventsGoOn() throws Exception {
        List<RoomSid> rooms = IntStream.range(0, 8)
                .mapToObj(i -> roomUnchecked("shared-" + i))
                .toList();
        int events = 400;
        int expected = rooms.size() + events;
        Map<RoomSid, List<Long>> delivered = new ConcurrentHashMap<>();
        AtomicInteger count = new AtomicInteger();
        ExecutorService gateways = Executors.newFixedThreadPool(3);
        try {
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                running.add(gateways.submit(() -> {
                    while (count.get() < expected) {
                        for (Claimed claimed : claim(2).taken()) {
                            Optional<Claimed> next = Optional.of(claimed);
                            while (next.isPresent()) {
                                delivered
                                        .computeIfAbsent(
                                                claimed.callback().room(), room -> new CopyOnWriteArrayList<>())
                                        .add(next.get().callback().sequenceNumber());
                                next = await(callbacks.delivered(
                                        next.get(), clock.instant().plus(CLAIM)));
                                count.incrementAndGet();
                            }
                        }
                    }
                }));
            }
            for (int i = 0; i < events; i++) {
                connects(rooms.get(random.nextInt(rooms.size())), "guest-" + i);
            }
            for (Future<?> each : running) {
                each.get(60, TimeUnit.SECONDS);
            }
        } finally {
            count.set(expected); // Ends the gateways also if the test has failed.
            gateways.shutdown();
        }

        for (RoomSid room : rooms) {
            assertThat(delivered.get(room))
                    .as("each callback once, in order")
                    .isEqualTo(numbersUntil(Math.toIntExact(eventNumbers.getOrDefault(room, 0L))));
        }
        assertThat(number("SELECT COUNT(*) FROM callbacks")).isZero();
    }

    // --- the log

    @Test
    void aFailedCallbackIsResentBeforeLaterOnesOfItsRoom() throws SQLException {
        RoomSid room = room(ACCOUNT, "resent", "POST");
        connects(room, "alice");
        Claimed next = await(callbacks.giveUp(
                        onlyClaim(),
                        failure(CallbackFailure.FORBIDDEN),
                        clock.instant().plus(CLAIM)))
                .orElseThrow();
        await(callbacks.retry(
                next, failure(CallbackFailure.TIMEOUT), clock.instant().plusSeconds(3_600)));
        clock.advance(Duration.ofSeconds(5));
        CallbackSid sid = failed(ACCOUNT).get(0).sid();

        assertThat(await(callbacks.resend(OTHER, sid))).as("of another account").isEmpty();
        StatusCallback resent = await(callbacks.resend(ACCOUNT, sid)).orElseThrow();

        assertThat(resent.status()).isEqualTo(CallbackStatus.WAITING);
        assertThat(resent.attempts()).isZero();
        assertThat(resent.retriedFrom()).isEqualTo(clock.instant());
        assertThat(failed(ACCOUNT)).isEmpty();
        Claimed again = onlyClaim();
        assertThat(again.callback().sid()).isEqualTo(sid);
        assertThat(await(callbacks.delivered(again, clock.instant().plus(CLAIM))))
                .hasValueSatisfying(each -> assertThat(each.callback().event()).isEqualTo("participant-connected"));
        assertThat(await(callbacks.resend(ACCOUNT, sid))).as("delivered").isEmpty();
    }

    @Test
    void aResendDoesNotTakeARoomFromTheGatewayThatIsSending() throws SQLException {
        RoomSid room = room(ACCOUNT, "sending", "POST");
        connects(room, "alice");
        Claimed next = await(callbacks.giveUp(
                        onlyClaim(),
                        failure(CallbackFailure.REFUSED),
                        clock.instant().plus(CLAIM)))
                .orElseThrow();

        await(callbacks.resend(ACCOUNT, CallbackSid.of(room, 0)));

        assertThat(claim(10).taken()).isEmpty();
        assertThat(await(callbacks.delivered(next, clock.instant().plus(CLAIM))))
                .hasValueSatisfying(each -> assertThat(each.callback().event()).isEqualTo("room-created"));
    }

    @Test
    void theLogIsPagedByAccountStatusAndRoom() throws SQLException {
        List<CallbackSid> newestFirst = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            RoomSid room = room(ACCOUNT, "paged-" + i, "POST");
            newestFirst.add(0, CallbackSid.of(room, 0));
            await(callbacks.giveUp(onlyClaim(), failure(CallbackFailure.REDIRECT), null));
            clock.advance(Duration.ofSeconds(1));
        }
        RoomSid other = room(OTHER, "other", "POST");
        RoomSid waiting = room(ACCOUNT, "waiting", "POST");

        List<CallbackSid> listed = new ArrayList<>();
        PageRequest part = new PageRequest(2, null, null);
        Page<StatusCallback> page;
        do {
            page = await(callbacks.callbacks(ACCOUNT, new CallbackFilter(CallbackStatus.FAILED, null), part));
            page.records().forEach(each -> listed.add(each.sid()));
            StatusCallback last = page.records().get(page.records().size() - 1);
            part = new PageRequest(2, last.happenedAt(), last.sid().value());
        } while (page.more());

        assertThat(listed).isEqualTo(newestFirst);
        assertThat(failed(OTHER)).isEmpty();
        assertThat(waiting(waiting)).hasSize(1);
        assertThat(await(callbacks.callback(ACCOUNT, CallbackSid.of(other, 0)))).isEmpty();
        assertThat(await(callbacks.callback(OTHER, CallbackSid.of(other, 0)))).isPresent();
    }

    @Test
    void oldFailuresAndTheQueuesOfEndedRoomsArePruned() throws SQLException {
        RoomSid ended = room(ACCOUNT, "ended", "POST");
        assertThat(await(callbacks.giveUp(
                        onlyClaim(),
                        failure(CallbackFailure.REFUSED),
                        clock.instant().plus(CLAIM))))
                .isEmpty();
        project(ended, new RoomEvent.RoomCompleted(clock.instant()));
        await(callbacks.delivered(onlyClaim(), null));
        RoomSid live = room(ACCOUNT, "live", "POST");

        assertThat(await(callbacks.prune(START))).isZero();
        assertThat(number("SELECT COUNT(*) FROM callback_queues")).isEqualTo(2);
        assertThat(await(callbacks.prune(START.plusMillis(1)))).isEqualTo(1);
        assertThat(number("SELECT COUNT(*) FROM callback_queues")).isEqualTo(1);
        assertThat(waiting(live)).hasSize(1);
    }

    @Test
    void aDetailIsCutToTheLengthOfItsColumn() {
        String text = "x".repeat(FailedAttempt.DETAIL_LENGTH_MAX - 1) + "😀";

        FailedAttempt cut = new FailedAttempt(START, CallbackFailure.UNREACHABLE, 0, text);
        FailedAttempt unstorable = new FailedAttempt(START, CallbackFailure.UNREACHABLE, 0, "a\0b");

        assertThat(cut.detail()).hasSize(FailedAttempt.DETAIL_LENGTH_MAX - 1);
        assertThat(unstorable.detail()).isEqualTo("UNREACHABLE");
    }
}
