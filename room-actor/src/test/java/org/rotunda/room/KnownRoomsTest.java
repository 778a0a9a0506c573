package org.rotunda.room;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.rotunda.room.protocol.AccountSid;
import org.rotunda.room.protocol.RoomSid;

/** Tests that the table of known rooms is bounded and drops the room whose last use is the longest ago. */
class KnownRoomsTest {
    private static final AccountSid ACCOUNT = new AccountSid("AC" + "1".repeat(32));

    @Test
    void forgetsTheRoomThatWasNotAskedForLongest() {
        Random random = new Random(1);
        KnownRooms known = new KnownRooms();
        RoomSid first = RoomSid.random(random);
        RoomSid second = RoomSid.random(random);
        known.put(first, ACCOUNT);
        known.put(second, ACCOUNT);
        for (int i = 2; i < KnownRooms.ROOMS_MAX; i++) {
            known.put(RoomSid.random(random), ACCOUNT);
        }
        assertThat(known.accountOf(first)).contains(ACCOUNT);

        known.put(RoomSid.random(random), ACCOUNT);

        assertThat(known.accountOf(first)).contains(ACCOUNT);
        assertThat(known.accountOf(second)).isEmpty();
    }
}
