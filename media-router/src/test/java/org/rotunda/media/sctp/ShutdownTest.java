package org.rotunda.media.sctp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rotunda.media.time.Deadline.NO_DEADLINE;

import org.junit.jupiter.api.Test;

class ShutdownTest {
    @Test
    void shutdownDeliversQueuedMessagesFirst() {
        SctpPair pair = SctpPair.established();
        int id = pair.server.open("x", ChannelParameters.RELIABLE, pair.nowNanos);
        for (int i = 0; i < 100; i++) {
            pair.sendText(pair.server, id, "m".repeat(2_000) + i);
        }
        pair.server.shutdown(pair.nowNanos);
        pair.runMs(3_000);

        assertThat(pair.clientEvents.texts(id)).hasSize(100);
        assertThat(pair.serverEvents.downs).containsExactly(AssociationDownReason.SHUT_DOWN);
        assertThat(pair.clientEvents.downs).containsExactly(AssociationDownReason.SHUT_DOWN);
    }

    @Test
    void bothSidesMayShutDownAtOnce() {
        SctpPair pair = SctpPair.established();
        pair.server.shutdown(pair.nowNanos);
        pair.client.shutdown(pair.nowNanos);
        pair.runMs(3_000);
        assertThat(pair.serverEvents.downs).containsExactly(AssociationDownReason.SHUT_DOWN);
        assertThat(pair.clientEvents.downs).containsExactly(AssociationDownReason.SHUT_DOWN);
    }

    @Test
    void everyStepIsRepeatedUntilAnswered() {
        SctpPair pair = SctpPair.established();
        int[] shutdowns = {0};
        int[] acks = {0};
        pair.dropToClient = packet -> packet[12] == ChunkType.SHUTDOWN && ++shutdowns[0] <= 2;
        pair.dropToServer = packet -> packet[12] == ChunkType.SHUTDOWN_ACK && ++acks[0] <= 2;
        pair.server.shutdown(pair.nowNanos);
        pair.runMs(30_000);
        assertThat(shutdowns[0]).isGreaterThanOrEqualTo(3);
        assertThat(acks[0]).isGreaterThanOrEqualTo(3);
        assertThat(pair.serverEvents.downs).containsExactly(AssociationDownReason.SHUT_DOWN);
        assertThat(pair.clientEvents.downs).containsExactly(AssociationDownReason.SHUT_DOWN);
        assertThat(pair.server.nextDeadlineNanos()).isEqualTo(NO_DEADLINE);
    }

    /**
     * Tests data that arrives after our SHUTDOWN. The peer may not have our SHUTDOWN yet, so we send it again. We also
     * send a SACK, which lets the peer finish (RFC 9260 §9.2).
     */
    @Test
    void dataThatComesAfterOurShutdownIsDeliveredAndConfirmed() {
        SctpPair pair = SctpPair.established();
        int id = pair.client.open("x", ChannelParameters.RELIABLE, pair.nowNanos);
        pair.runMs(500);
        pair.server.shutdown(pair.nowNanos);
        assertThat(pair.server.association().state()).isEqualTo(AssociationState.SHUTDOWN_SENT);
        pair.sendText(pair.client, id, "crossing");
        pair.runMs(3_000);
        assertThat(pair.serverEvents.texts(id)).containsExactly("crossing");
        assertThat(pair.serverEvents.downs).containsExactly(AssociationDownReason.SHUT_DOWN);
        assertThat(pair.clientEvents.downs).containsExactly(AssociationDownReason.SHUT_DOWN);
    }

    @Test
    void anAnswerWithoutARequestIsDropped() {
        SctpPair pair = SctpPair.established();
        int tag = pair.server.association().localTag();
        pair.toServer(Packets.of(tag, ChunkType.SHUTDOWN_ACK, 0, new byte[0]));
        pair.toServer(Packets.of(tag, ChunkType.SHUTDOWN_COMPLETE, 0, new byte[0]));
        assertThat(pair.server.statistics().dropped(SctpDrop.CHUNK_UNEXPECTED)).isEqualTo(2);
        assertThat(pair.server.isUp()).isTrue();
    }
}
