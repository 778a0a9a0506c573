package org.rotunda.load.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.rotunda.room.testkit.ManyRooms;

class ListPagesTest {
    private static final Instant NOW = Instant.parse("2026-11-29T12:00:00.123Z");
    private static final BenchAccount ACCOUNT = BenchAccount.numbered(1).get(0);

    /** The node deletes rooms that ended more than 90 days ago. */
    @ParameterizedTest
    @ValueSource(ints = {200, 1_000_000, 50_000_000})
    void theRoomsAreOfTheLastWeeks(int count) {
        ManyRooms rooms = ListPages.rooms(ACCOUNT, count, NOW);

        assertThat(rooms.count()).isEqualTo(count);
        assertThat(rooms.created(1)).isAfter(NOW.minus(Duration.ofDays(81)));
        assertThat(rooms.created(2)).isAfter(rooms.created(1));
        assertThat(rooms.created(count)).isBefore(NOW).isAfter(NOW.minus(Duration.ofMinutes(1)));
    }

    @Test
    void theTokenOfTheNextPageIsTakenAsItIs() {
        assertThat(ListPages.token("http://h/v1/Rooms?Status=completed&PageSize=50&Page=1&PageToken=PTabc%3D"))
                .isEqualTo("PTabc%3D");
        assertThatThrownBy(() -> ListPages.token("null")).isInstanceOf(IllegalStateException.class);
    }
}
