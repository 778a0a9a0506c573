package org.rotunda.room.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class RoomPropertiesTest {
    private static RoomProperties room(RoomType type, boolean large) {
        return new RoomProperties(type, 50, 14_400, 5, 5, false, List.of(), "us1", false, large, null, "POST");
    }

    @Test
    void limitsTheTracksOfRoomsWithAMediaServer() {
        assertThat(room(RoomType.GROUP, false).tracksMax()).isEqualTo(170);
        assertThat(room(RoomType.GROUP_SMALL, false).tracksMax()).isEqualTo(170);
        assertThat(room(RoomType.GROUP, true).tracksMax()).isEqualTo(16);
    }

    @Test
    void doesNotLimitTheTracksOfOtherRooms() {
        assertThat(room(RoomType.PEER_TO_PEER, false).tracksMax()).isEqualTo(RoomProperties.TRACKS_UNLIMITED);
        assertThat(room(RoomType.GO, true).tracksMax()).isEqualTo(RoomProperties.TRACKS_UNLIMITED);
    }
}
