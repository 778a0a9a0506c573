package org.rotunda.room.pair;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.rotunda.room.protocol.ParticipantSid;

class PairNameTest {
    private static final ParticipantSid ALICE = new ParticipantSid("PA" + "1".repeat(32));
    private static final ParticipantSid BOB = new ParticipantSid("PA" + "2".repeat(32));
    private static final ParticipantSid CAROL = new ParticipantSid("PA" + "3".repeat(32));

    @Test
    void anIdTellsPairAndNumber() {
        PairName name = PairName.of(ALICE, BOB);
        String id = name.connectionId(7L << 20);

        assertThat(UUID.fromString(id)).hasToString(id);
        assertThat(name.numberOf(id)).hasValue(7L << 20);
        assertThat(PairName.of(BOB, ALICE).numberOf(id)).hasValue(7L << 20);
        assertThat(PairName.of(ALICE, CAROL).numberOf(id)).isEmpty();
    }

    @Test
    void otherTextsAreNoIds() {
        PairName name = PairName.of(ALICE, BOB);
        String id = name.connectionId(1);

        assertThat(name.numberOf("")).isEmpty();
        assertThat(name.numberOf("pc")).isEmpty();
        assertThat(name.numberOf(id + "0")).isEmpty();
        assertThat(name.numberOf(id.replace('-', '_'))).isEmpty();
        assertThat(name.numberOf(" " + id)).isEmpty();
    }
}
