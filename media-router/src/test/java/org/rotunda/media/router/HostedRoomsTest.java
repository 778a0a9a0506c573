package org.rotunda.media.router;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.rotunda.media.control.MediaCommand;
import org.rotunda.media.control.TransportId;
import org.rotunda.media.control.VideoCodec;

class HostedRoomsTest {
    private static final long NOW = 7_000_000_000L;
    private static final int LOOPS = 16;
    private static final int SHARE = 100;

    private final double[] busy = new double[LOOPS];
    private final HostedRooms rooms = new HostedRooms(LOOPS, 1_000_000, SHARE, loop -> busy[loop], new Random(1));

    private static MediaCommand open(String roomSid, long epoch) {
        TransportId transport = new TransportId(roomSid, "PA1", "pc");
        return new MediaCommand.OpenTransport(transport, epoch, Set.of(VideoCodec.VP8), null, false);
    }

    private static MediaCommand report(String roomSid, long epoch) {
        return new MediaCommand.ReportTransport(new TransportId(roomSid, "PA1", "pc"), epoch);
    }

    /** Submits a command that opens no transport, carries it out at once, and returns whether it was admitted. */
    private boolean isAdmitted(String roomSid, long epoch, long nowNanos) {
        HostedTransport room = rooms.route(report(roomSid, epoch));
        boolean admitted = room.admits(epoch);
        room.release(nowNanos);
        return admitted;
    }

    /** Opens a transport of the room. The transport stays open. */
    private HostedTransport opened(String roomSid, long epoch) {
        HostedTransport room = rooms.route(open(roomSid, epoch));
        assertThat(room.admits(epoch)).isTrue();
        assertThat(room.takePlace()).isTrue();
        room.release(NOW);
        return room;
    }

    // --- loops

    /** Opens a transport of another participant. It stays open. */
    private HostedTransport joined(String roomSid, int participant) {
        TransportId transport = new TransportId(roomSid, "PA" + participant, "pc");
        HostedTransport place =
                rooms.route(new MediaCommand.OpenTransport(transport, 1, Set.of(VideoCodec.VP8), null, false));
        assertThat(place.takePlace()).isTrue();
        place.release(NOW);
        return place;
    }

    @Test
    void transportStaysOnItsLoopHoweverBusyItIs() {
        HostedTransport first = opened("RM1", 1);
        busy[first.loop()] = 1;

        for (int i = 0; i < 400; i++) {
            HostedTransport again = rooms.route(report("RM1", 1));
            assertThat(again.loop()).isEqualTo(first.loop());
            again.release(NOW);
        }
    }

    @Test
    void transportStaysOnItsLoopWhileACommandIsOnItsWay() {
        HostedTransport first = opened("RM1", 1);
        busy[first.loop()] = 1;
        HostedTransport waiting = rooms.route(report("RM1", 1)); // This command is still in the loop's queue.
        first.freePlace(NOW);

        assertThat(opened("RM1", 1).loop()).isEqualTo(first.loop());
        waiting.release(NOW);
    }

    @Test
    void roomFillsItsLoopsOneAfterTheOther() {
        TreeMap<Integer, Integer> perLoop = new TreeMap<>();
        for (int i = 0; i < 3 * SHARE; i++) {
            perLoop.merge(joined("RM1", i).loop(), 1, Integer::sum);
            assertThat(perLoop.values().stream().filter(count -> count < SHARE)).hasSizeLessThan(2);
        }

        assertThat(perLoop).hasSize(3).doesNotContainValue(SHARE - 1);
    }

    @Test
    void roomGoesToAnotherLoopWhenItsLoopIsBusyAndComesBack() {
        int first = joined("RM1", 1).loop();
        busy[first] = HostedRooms.BUSY_MAX;
        int second = joined("RM1", 2).loop();
        assertThat(second).isNotEqualTo(first);
        for (int i = 3; i < 10; i++) {
            assertThat(joined("RM1", i).loop()).isEqualTo(second);
        }
        busy[second] = HostedRooms.BUSY_MAX;
        busy[first] = HostedRooms.BUSY_MAX - 0.01;
        assertThat(joined("RM1", 10).loop()).isEqualTo(first);
    }

    @Test
    void closedTransportsMakeRoomOnTheirLoop() {
        HostedTransport first = joined("RM1", 0);
        HostedTransport second = joined("RM1", 1);
        for (int i = 2; i < SHARE; i++) {
            joined("RM1", i);
        }
        second.freePlace(NOW);

        assertThat(joined("RM1", SHARE).loop()).isEqualTo(first.loop());
        assertThat(joined("RM1", SHARE + 1).loop()).isNotEqualTo(first.loop());
    }

    @Test
    void replacedOwnerIsRefusedOnEveryLoopOfTheRoom() {
        HostedTransport first = joined("RM1", 1);
        busy[first.loop()] = 1;
        HostedTransport second = joined("RM1", 2);
        assertThat(second.loop()).isNotEqualTo(first.loop());

        assertThat(first.admits(7)).isTrue();
        assertThat(second.admits(6)).isFalse();
    }

    @Test
    void emptyRoomChoosesAnotherLoopAndStillRefusesTheReplacedOwner() {
        HostedTransport room = opened("RM1", 5);
        int before = room.loop();
        room.freePlace(NOW);
        busy[before] = 1; // This loop is busy now, so the room goes to another loop.

        HostedTransport stale = rooms.route(open("RM1", 4));
        assertThat(stale.loop()).isNotEqualTo(before);
        assertThat(stale.admits(4)).isFalse();
        stale.release(NOW);
        assertThat(opened("RM1", 6).loop()).isNotEqualTo(before);
        assertThat(isAdmitted("RM1", 5, NOW)).isFalse();
    }

    @Test
    void newRoomsSpreadOverIdleLoopsEvenly() {
        TreeMap<Integer, Integer> perLoop = new TreeMap<>();
        for (int i = 0; i < 100 * LOOPS; i++) {
            perLoop.merge(opened("RM" + i, 1).loop(), 1, Integer::sum);
        }

        assertThat(perLoop).hasSize(LOOPS);
        assertThat(perLoop.values()).allSatisfy(count -> assertThat(count).isBetween(95, 105));
    }

    @Test
    void busyLoopIsChosenLessOftenHoweverFewTransportsItHas() {
        int busyLoop = 3;
        busy[busyLoop] = 0.5;
        for (int i = 0; i < 1_000; i++) {
            assertThat(opened("RM" + i, 1).loop()).isNotEqualTo(busyLoop);
        }
    }

    @Test
    void smallDifferenceOfBusySharesDoesNotOutweighTransports() {
        busy[0] = HostedRooms.BUSY_DIFFERENCE_MIN / 2;
        TreeMap<Integer, Integer> perLoop = new TreeMap<>();
        for (int i = 0; i < 100 * LOOPS; i++) {
            perLoop.merge(opened("RM" + i, 1).loop(), 1, Integer::sum);
        }

        assertThat(perLoop.get(0)).isBetween(95, 105);
    }

    // --- places

    @Test
    void placesAreCountedForTheWholeNode() {
        HostedRooms small = new HostedRooms(LOOPS, 2, SHARE, loop -> 0, new Random(1));
        HostedTransport first = small.route(open("RM1", 1));
        HostedTransport second = small.route(open("RM2", 1));

        assertThat(first.takePlace()).isTrue();
        assertThat(first.takePlace()).isTrue();
        assertThat(second.takePlace()).isFalse();
        first.freePlace(NOW);
        assertThat(second.takePlace()).isTrue();
    }

    // --- epochs

    @Test
    void highestEpochCountsWhileTheRoomIsOpen() {
        opened("RM1", 4);
        assertThat(isAdmitted("RM1", 5, NOW)).isTrue();
        assertThat(isAdmitted("RM1", 4, NOW)).isFalse();
        assertThat(isAdmitted("RM1", 5, NOW)).isTrue();
        assertThat(isAdmitted("RM2", 1, NOW)).isTrue(); // Each room has its own epoch.
    }

    @Test
    void emptyRoomIsRememberedForAWhile() {
        opened("RM1", 5).freePlace(NOW);
        long last = NOW + HostedRooms.EMPTY_KEPT_NANOS - 1;
        rooms.forgetEmpty(last);
        assertThat(isAdmitted("RM1", 4, last)).isFalse();
        rooms.forgetEmpty(last + HostedRooms.EMPTY_KEPT_NANOS - 1);
        assertThat(isAdmitted("RM1", 4, last + HostedRooms.EMPTY_KEPT_NANOS - 1))
                .as("as long as the replaced owner speaks, it is remembered")
                .isFalse();
        rooms.forgetEmpty(last + 2 * HostedRooms.EMPTY_KEPT_NANOS);
        assertThat(isAdmitted("RM1", 4, last + 2 * HostedRooms.EMPTY_KEPT_NANOS))
                .isTrue();
    }

    @Test
    void epochOfACommandThatOpensNothingCounts() {
        assertThat(isAdmitted("RM1", 5, NOW)).isTrue();
        assertThat(isAdmitted("RM1", 4, NOW)).isFalse();
        opened("RM1", 5);
        assertThat(isAdmitted("RM1", 4, NOW)).isFalse();
    }

    @Test
    void theRoomsWithTheOldestCommandsAreForgottenWhenFull() {
        for (int i = 0; i <= HostedRooms.EMPTY_MAX; i++) {
            isAdmitted("RM" + i, 5, NOW + i);
        }
        long later = NOW + HostedRooms.EMPTY_MAX + 1;
        isAdmitted("RM0", 5, later); // Now RM1 is the room with the oldest command.
        rooms.forgetEmpty(later);

        assertThat(rooms.size()).isEqualTo(HostedRooms.EMPTY_MAX);
        assertThat(isAdmitted("RM0", 4, later)).isFalse();
        assertThat(isAdmitted("RM2", 4, later)).isFalse();
        assertThat(isAdmitted("RM1", 4, later)).isTrue();
    }

    @Test
    void openRoomIsNeverForgotten() {
        opened("RM-open", 5);
        for (int i = 0; i <= HostedRooms.EMPTY_MAX; i++) {
            isAdmitted("RM" + i, 1, NOW);
        }
        rooms.forgetEmpty(NOW + 10 * HostedRooms.EMPTY_KEPT_NANOS);

        assertThat(rooms.size()).isOne();
        assertThat(isAdmitted("RM-open", 4, NOW)).isFalse();
    }

    @Test
    void roomWithACommandOnItsWayIsNotForgotten() {
        HostedTransport room = rooms.route(open("RM1", 5));
        rooms.forgetEmpty(NOW + 10 * HostedRooms.EMPTY_KEPT_NANOS);
        assertThat(rooms.find("RM1")).containsSame(room.room());
    }
}
