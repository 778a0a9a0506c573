package org.rotunda.room.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.rotunda.room.testkit.RoomSamples;

/** Tests the SIDs of callbacks. */
class CallbackSidTest {
    @Test
    void isTheSameForTheSameCallbackAndAnotherForEachOther() {
        Set<CallbackSid> sids = new HashSet<>();
        for (int number = 0; number < 1_000; number++) {
            sids.add(CallbackSid.of(RoomSamples.ROOM, number));
        }

        assertThat(sids).hasSize(1_000);
        assertThat(CallbackSid.of(RoomSamples.ROOM, 7)).isEqualTo(CallbackSid.of(RoomSamples.ROOM, 7));
    }

    @Test
    void hasAnIdempotencyTokenInTheFormOfAGuid() {
        CallbackSid sid = new CallbackSid("SC00112233445566778899aabbccddeeff");

        assertThat(sid.idempotencyToken()).isEqualTo("00112233-4455-6677-8899-aabbccddeeff");
        assertThat(UUID.fromString(sid.idempotencyToken())).hasToString(sid.idempotencyToken());
    }
}
