package org.rotunda.media.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.rotunda.media.control.MediaCommand;
import org.rotunda.media.control.MediaEvent;
import org.rotunda.media.control.MediaRouter;
import org.rotunda.media.control.MediaSettings;
import org.rotunda.media.control.MediaTcpSettings;
import org.rotunda.media.control.RouterRoomView;
import org.rotunda.media.control.TransportId;
import org.rotunda.media.control.VideoCodec;

/** Tests how rooms are spread over loops, with real loops and sockets. */
class EventLoopMediaRouterTest {
    private static final int DEADLINE_SECONDS = 10;
    private static final int LOOPS = 16;
    private static final int TRANSPORTS_MAX = 400;
    private static final AtomicInteger ROOMS = new AtomicInteger();
    private static final Pattern THREAD = Pattern.compile("media-loop-.*");

    /** An event and the name of the loop thread that sent it. */
    private record Heard(MediaEvent event, String thread) {}

    private static final BlockingQueue<Heard> HEARD = new LinkedBlockingQueue<>();
    private static @Nullable MediaRouter opened; // The router is opened only once, because opening takes a second.

    // The room is new for each test, because the router remembers the epochs of the rooms of earlier tests.
    private final String room = "RM" + ROOMS.incrementAndGet();
    // The highest epoch in which each transport was opened.
    private final Map<TransportId, Long> epochs = new HashMap<>();

    @BeforeAll
    static void openRouter() {
        MediaSettings settings = new MediaSettings(
                "127.0.0.1",
                0,
                LOOPS,
                List.of(),
                TRANSPORTS_MAX,
                MediaSettings.LOOP_SHARE,
                0,
                0,
                true,
                true,
                Duration.ZERO,
                Duration.ofMinutes(2),
                Optional.empty(),
                MediaTcpSettings.DEFAULT);
        opened = EventLoopMediaRouter.open(
                settings,
                event -> HEARD.add(new Heard(event, Thread.currentThread().getName())),
                new SecureRandom());
    }

    @AfterAll
    static void closeRouter() {
        router().close();
    }

    private static MediaRouter router() {
        return Objects.requireNonNull(opened);
    }

    @AfterEach
    void closeTransports() throws InterruptedException {
        for (Map.Entry<TransportId, Long> each : epochs.entrySet()) {
            router().submit(new MediaCommand.CloseTransport(each.getKey(), each.getValue(), true));
        }
        for (Map.Entry<TransportId, Long> each : epochs.entrySet()) {
            router().submit(new MediaCommand.ReportTransport(each.getKey(), each.getValue()));
            awaitEvent(refused(each.getKey(), each.getValue(), MediaEvent.Refusal.UNKNOWN_TRANSPORT));
        }
        HEARD.clear();
    }

    private static TransportId transport(String roomSid, int number) {
        return new TransportId(roomSid, "PA" + number, "pc" + number);
    }

    private void open(TransportId transport, long epoch) {
        epochs.merge(transport, epoch, Math::max);
        router().submit(new MediaCommand.OpenTransport(transport, epoch, Set.of(VideoCodec.VP8), null, false));
    }

    /** Asks the router for a report, and returns the next event of that transport. */
    private Heard report(TransportId transport, long epoch) throws InterruptedException {
        router().submit(new MediaCommand.ReportTransport(transport, epoch));
        return next(transport);
    }

    private static Heard next(TransportId transport) throws InterruptedException {
        while (true) {
            Heard next = HEARD.poll(DEADLINE_SECONDS, TimeUnit.SECONDS);
            assertThat(next).as("an event of %s", transport).isNotNull();
            if (next.event().transport().equals(transport)) {
                return next;
            }
        }
    }

    private static void awaitEvent(MediaEvent event) throws InterruptedException {
        while (!next(event.transport()).event().equals(event)) {
            Thread.onSpinWait(); // The event just read was an earlier event of the transport.
        }
    }

    private static MediaEvent.CommandRefused refused(TransportId transport, long epoch, MediaEvent.Refusal refusal) {
        return new MediaEvent.CommandRefused(transport, epoch, refusal);
    }

    @Test
    void roomOfFourHundredIsPlacedOnOneNodeWithSixteenLoops() throws Exception {
        List<TransportId> transports = new ArrayList<>();
        for (int i = 0; i < TRANSPORTS_MAX; i++) {
            transports.add(transport(room, i));
            open(transports.get(i), 1);
        }
        TransportId tooMany = transport(room + "-other", TRANSPORTS_MAX);
        TreeMap<String, Integer> perLoop = new TreeMap<>();
        for (TransportId transport : transports) {
            Heard answer = report(transport, 1);
            assertThat(answer.event())
                    .isEqualTo(new MediaEvent.StateChanged(transport, MediaEvent.State.CONNECTING, true));
            perLoop.merge(answer.thread(), 1, Integer::sum);
            assertThat(report(transport, 1).thread()).isEqualTo(answer.thread());
        }
        assertThat(perLoop).hasSizeBetween(TRANSPORTS_MAX / MediaSettings.LOOP_SHARE, LOOPS);
        assertThat(perLoop.values()).allMatch(count -> count <= MediaSettings.LOOP_SHARE);

        open(tooMany, 1);
        assertThat(report(tooMany, 1).event()).isEqualTo(refused(tooMany, 1, MediaEvent.Refusal.NODE_FULL));
        RouterRoomView view = router().describeRoom(room)
                .toCompletableFuture()
                .get(DEADLINE_SECONDS, TimeUnit.SECONDS)
                .orElseThrow();
        assertThat(view.transports()).hasSize(TRANSPORTS_MAX);
    }

    @Test
    void roomsSpreadOverTheLoops() throws Exception {
        TreeMap<String, Integer> perLoop = new TreeMap<>();
        for (int i = 0; i < 10 * LOOPS; i++) {
            TransportId transport = transport(room + "-" + i, i);
            open(transport, 1);
            Heard answer = report(transport, 1);
            Matcher thread = THREAD.matcher(answer.thread());
            assertThat(thread.matches()).as(answer.thread()).isTrue();
            perLoop.merge(answer.thread(), 1, Integer::sum);
        }

        // On a busy machine a loop can wait for a processor. Such a loop counts as busy and gets no rooms.
        assertThat(perLoop).hasSizeGreaterThan(LOOPS / 2);
    }

    @Test
    void replacedOwnerIsRefusedByWhateverLoopTheEmptiedRoomChooses() throws Exception {
        TransportId transport = transport(room, 1);
        TreeMap<String, Integer> perLoop = new TreeMap<>();
        for (long epoch = 2; epoch < 100; epoch++) {
            open(transport, epoch);
            perLoop.merge(report(transport, epoch).thread(), 1, Integer::sum);
            router().submit(new MediaCommand.CloseTransport(transport, epoch, true));
            awaitEvent(new MediaEvent.StateChanged(transport, MediaEvent.State.CLOSED));

            open(transport, epoch - 1);
            awaitEvent(refused(transport, epoch - 1, MediaEvent.Refusal.STALE_EPOCH));
        }

        assertThat(perLoop).as("loops that have had the room").hasSizeGreaterThan(1);
        assertThat(router().describeRoom(room).toCompletableFuture().get(DEADLINE_SECONDS, TimeUnit.SECONDS))
                .isEmpty();
    }

    @Test
    void transportsCountInTheLoad() throws Exception {
        int transports = TRANSPORTS_MAX / 2;
        for (int i = 0; i < transports; i++) {
            open(transport(room + "-" + i, i), 1);
        }

        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(DEADLINE_SECONDS);
        while (router().statistics().transports() < transports && System.nanoTime() < deadline) {
            Thread.onSpinWait();
        }
        assertThat(router().statistics().load()).isBetween(0.5, 1.0);
    }
}
