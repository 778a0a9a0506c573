package org.rotunda.room.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SidsTest {
    private static final int COUNT = 1_000;

    private final Random random = new Random(1);

    @Test
    void roomsAndParticipantsNameTheirCellInTheFirstByte() {
        assertThat(RoomSid.random(random).value()).matches("RM00[0-9a-f]{30}");
        assertThat(ParticipantSid.random(random).value()).matches("PA00[0-9a-f]{30}");
        assertThat(TrackSid.random(random).value()).matches("MT[0-9a-f]{32}");
    }

    @Test
    void everyOtherByteIsRandom() {
        Set<String> sids = Stream.generate(() -> RoomSid.random(random).value())
                .limit(COUNT)
                .collect(Collectors.toSet());
        assertThat(sids).hasSize(COUNT);
        for (int digit = "RM00".length(); digit < "RM".length() + 32; digit++) {
            int at = digit;
            assertThat(sids.stream().map(sid -> sid.charAt(at)).distinct())
                    .as("values of digit %d", at)
                    .hasSize(16);
        }
    }

    @Test
    void sidsOfEarlierReleasesAreStillRead() {
        assertThat(new RoomSid("RMf00dcafe00112233445566778899aabb").value()).startsWith("RMf0");
        assertThat(RoomSid.isValid("RMf00dcafe00112233445566778899aabb")).isTrue();
        assertThat(ParticipantSid.isValid("PAffeeddccbbaa99887766554433221100")).isTrue();
    }
}
