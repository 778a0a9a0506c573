package org.rotunda.room.mediaplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rotunda.room.mediaplane.DrainPermit.Kind.HAND_OVER_ROOMS;
import static org.rotunda.room.mediaplane.DrainPermit.Kind.MOVE_CONNECTIONS;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.rotunda.room.mediaplane.DrainPermit.Answer;
import org.rotunda.room.nodewatch.NodeId;

/** Tests which nodes may empty themselves at the same time. */
class PermitQueueTest {
    private static final NodeId ROOM_1 = node(1);
    private static final NodeId ROOM_2 = node(2);
    private static final NodeId MEDIA_1 = node(11);
    private static final NodeId MEDIA_2 = node(12);
    private static final NodeId MEDIA_3 = node(13);
    private static final int FEW = 9; // Media nodes, of which one may move at a time.
    private static final int MANY = 20; // Two may.

    private final PermitQueue queue = new PermitQueue(0);
    private long nowNanos = PermitQueue.REPORTED_WITHIN.toNanos();

    @Test
    void roomNodesLeaveOneAtATime() {
        assertThat(ask(ROOM_1, HAND_OVER_ROOMS, FEW)).isEqualTo(granted());
        assertThat(ask(ROOM_2, HAND_OVER_ROOMS, FEW)).isEqualTo(refused(ROOM_1));
        queue.giveBack(ROOM_1);
        assertThat(ask(ROOM_2, HAND_OVER_ROOMS, FEW)).isEqualTo(granted());
    }

    @Test
    void roomsAndConnectionsDoNotMoveTogether() {
        assertThat(ask(MEDIA_1, MOVE_CONNECTIONS, MANY)).isEqualTo(granted());
        assertThat(ask(ROOM_1, HAND_OVER_ROOMS, MANY)).isEqualTo(refused(MEDIA_1));
        assertThat(ask(MEDIA_2, MOVE_CONNECTIONS, MANY))
                .as("after the room node")
                .isEqualTo(refused(MEDIA_1));
        queue.giveBack(MEDIA_1);
        assertThat(ask(MEDIA_2, MOVE_CONNECTIONS, MANY)).isEqualTo(refused(ROOM_1));
        assertThat(ask(ROOM_1, HAND_OVER_ROOMS, MANY)).isEqualTo(granted());
    }

    @Test
    void aTenthOfTheMediaNodesMovesAtATime() {
        assertThat(ask(MEDIA_1, MOVE_CONNECTIONS, FEW)).isEqualTo(granted());
        assertThat(ask(MEDIA_2, MOVE_CONNECTIONS, FEW)).isEqualTo(refused(MEDIA_1));
        assertThat(ask(MEDIA_2, MOVE_CONNECTIONS, MANY)).isEqualTo(new Answer(true, List.of(MEDIA_1)));
        assertThat(ask(MEDIA_3, MOVE_CONNECTIONS, MANY)).isEqualTo(refused(MEDIA_1, MEDIA_2));
    }

    @Test
    void whoAskedFirstIsFirst() {
        ask(ROOM_1, HAND_OVER_ROOMS, FEW);
        ask(MEDIA_1, MOVE_CONNECTIONS, FEW);
        ask(ROOM_2, HAND_OVER_ROOMS, FEW);
        ask(MEDIA_1, MOVE_CONNECTIONS, FEW);
        queue.giveBack(ROOM_1);
        assertThat(ask(ROOM_2, HAND_OVER_ROOMS, FEW)).isEqualTo(refused(MEDIA_1));
        assertThat(ask(MEDIA_1, MOVE_CONNECTIONS, FEW)).isEqualTo(granted());
    }

    @Test
    void whoIsSilentLosesItsPermitAndItsPlace() {
        ask(ROOM_1, HAND_OVER_ROOMS, FEW);
        ask(ROOM_2, HAND_OVER_ROOMS, FEW);
        pass(PermitQueue.SILENCE_MAX.plusMillis(1));
        assertThat(ask(MEDIA_1, MOVE_CONNECTIONS, FEW)).isEqualTo(granted());
    }

    @Test
    void whoAsksAgainKeepsItsPermit() {
        for (int i = 0; i < 10; i++) {
            assertThat(ask(ROOM_1, HAND_OVER_ROOMS, FEW)).isEqualTo(granted());
            assertThat(ask(ROOM_2, HAND_OVER_ROOMS, FEW)).isEqualTo(refused(ROOM_1));
            pass(PermitQueue.SILENCE_MAX.minusMillis(1));
        }
    }

    @Test
    void anotherKindNeedsAnotherPermit() {
        ask(MEDIA_1, MOVE_CONNECTIONS, MANY);
        ask(MEDIA_2, MOVE_CONNECTIONS, MANY);
        assertThat(ask(MEDIA_1, HAND_OVER_ROOMS, MANY)).isEqualTo(refused(MEDIA_2));
        queue.giveBack(MEDIA_2);
        assertThat(ask(MEDIA_1, HAND_OVER_ROOMS, MANY)).isEqualTo(granted());
    }

    @Test
    void aNewQueueHearsOfTheHoldersFirst() {
        PermitQueue next = new PermitQueue(0);
        assertThat(next.ask(ROOM_2, HAND_OVER_ROOMS, false, FEW, 1).granted())
                .as("too early")
                .isFalse();
        assertThat(next.ask(ROOM_1, HAND_OVER_ROOMS, true, FEW, 2)).isEqualTo(granted());
        assertThat(next.ask(ROOM_2, HAND_OVER_ROOMS, false, FEW, PermitQueue.REPORTED_WITHIN.toNanos()))
                .isEqualTo(refused(ROOM_1));
    }

    private Answer ask(NodeId node, DrainPermit.Kind kind, int mediaNodes) {
        return queue.ask(node, kind, false, mediaNodes, nowNanos);
    }

    private void pass(Duration time) {
        nowNanos += time.toNanos();
    }

    private static Answer granted() {
        return new Answer(true, List.of());
    }

    private static Answer refused(NodeId... others) {
        return new Answer(false, List.of(others));
    }

    private static NodeId node(int number) {
        return new NodeId("10.0.0." + number, 7355, number);
    }
}
