package org.rotunda.room.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.pekko.persistence.typed.PersistenceId;
import org.junit.jupiter.params.provider.MethodSource;
import org.rotunda.room.name.RoomName;

/** Fuzzes the ids and names that come as text: session ids, SIDs, and names that become the id of an entity. */
class IdsFuzzTest {
    private static final AccountSid ACCOUNT = new AccountSid("AC00000000000000000000000000000001");

    static Stream<byte[]> seeds() {
        Random random = new Random(1);
        RoomSid room = RoomSid.random(random);
        ParticipantSid participant = ParticipantSid.random(random);
        return Stream.of(
                        room.value(),
                        participant.value(),
                        SessionId.random(room, participant, random).value(),
                        "daily | stand-up",
                        "Zimmer \u00E9 \uD83D\uDE00")
                .map(text -> text.getBytes(StandardCharsets.UTF_8));
    }

    @MethodSource("seeds")
    @FuzzTest
    void readsOrRefuses(byte[] bytes) {
        // Malformed bytes become half of a surrogate pair, which JSON can carry.
        String text = new String(bytes, StandardCharsets.UTF_8).replace('\uFFFD', '\uD800');
        if (RoomSid.isValid(text)) {
            assertThat(new RoomSid(text)).hasToString(text);
        }
        SessionId.of(text).ifPresent(session -> {
            assertThat(text).startsWith(session.room() + "." + session.participant() + ".");
            // The secret is left out, also where it has the characters of a SID.
            assertThat(session).hasToString(session.room() + "." + session.participant() + ".\u2026");
        });
        byte[] written = text.getBytes(StandardCharsets.UTF_8);
        if (StorableText.isStorable(text)) {
            assertThat(new String(written, StandardCharsets.UTF_8)).isEqualTo(text);
            if (!text.isEmpty()) {
                String entity = RoomName.entityId(ACCOUNT, text);
                assertThat(PersistenceId.of("RoomName", entity).entityId()).isEqualTo(entity);
            }
        }
    }
}
