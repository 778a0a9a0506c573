package org.rotunda.media.sctp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rotunda.media.time.Deadline.NO_DEADLINE;

import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AssociationTest {
    @Test
    void wrongTagsPortsAndChecksumsAreCountedDrops() {
        SctpPair pair = SctpPair.established();
        byte[] heartbeat = Packets.of(pair.server.association().localTag() + 1, ChunkType.HEARTBEAT, 0, new byte[4]);
        pair.toServer(heartbeat);
        byte[] badPort = Packets.of(pair.server.association().localTag(), ChunkType.HEARTBEAT, 0, new byte[4]);
        badPort[1] ^= 1;
        pair.toServer(Packets.mended(badPort));
        badPort[1] ^= 1;
        pair.toServer(badPort);
        assertThat(pair.server.statistics().dropped(SctpDrop.BAD_VERIFICATION_TAG))
                .isOne();
        assertThat(pair.server.statistics().dropped(SctpDrop.BAD_PORT)).isOne();
        assertThat(pair.server.statistics().dropped(SctpDrop.BAD_CHECKSUM)).isOne();
        assertThat(pair.server.isUp()).isTrue();
    }

    @Test
    void heartbeatsAreEchoedAndSentWhenIdle() {
        SctpPair pair = SctpPair.established();
        List<byte[]> acks = new ArrayList<>();
        pair.dropToClient = packet -> {
            if (packet[12] == ChunkType.HEARTBEAT_ACK) {
                acks.add(packet);
            }
            return false;
        };
        byte[] info = {0, 1, 0, 8, 7, 7, 7, 7};
        pair.toServer(Packets.of(pair.server.association().localTag(), ChunkType.HEARTBEAT, 0, info));
        assertThat(acks).hasSize(1);
        assertThat(acks.get(0)).endsWith(info);
        pair.runMs(31_000);
        assertThat(acks).hasSize(2);
        assertThat(pair.server.statistics().dropped(SctpDrop.CHUNK_UNEXPECTED)).isZero();
    }

    @Test
    void aSilentPeerIsUnreachableInTheEnd() {
        SctpPair pair = SctpPair.established();
        int id = pair.server.open("x", ChannelParameters.RELIABLE, pair.nowNanos);
        pair.dropToServer = packet -> true;
        pair.runMs(60_000);
        // SCTP needs more than 60 s to detect the silent peer. In production, ICE consent expires earlier, after 30 s.
        assertThat(pair.server.isUp()).isTrue();
        pair.runMs(120_000);
        assertThat(pair.serverEvents.downs).containsExactly(AssociationDownReason.PEER_UNREACHABLE);
        assertThat(pair.serverEvents.closed).containsExactly(id);
        assertThat(pair.server.nextDeadlineNanos()).isEqualTo(NO_DEADLINE);
    }

    @Test
    void dataWithoutUserDataAbortsTheAssociation() {
        SctpPair pair = SctpPair.established();
        pair.toServer(Packets.of(pair.server.association().localTag(), ChunkType.DATA, 3, new byte[12]));
        assertThat(pair.serverEvents.downs).containsExactly(AssociationDownReason.PROTOCOL_VIOLATION);
        pair.runMs(100);
        assertThat(pair.clientEvents.downs).containsExactly(AssociationDownReason.ABORTED_BY_PEER);
    }

    @Test
    void anUnknownChunkIsReportedOrSkippedAsItsTypeSays() {
        SctpPair pair = SctpPair.established();
        List<byte[]> errors = new ArrayList<>();
        pair.dropToClient = packet -> {
            if (packet[12] == ChunkType.ERROR) {
                errors.add(packet);
            }
            return false;
        };
        int tag = pair.server.association().localTag();
        pair.toServer(Packets.of(tag, 0x3A, 0, new byte[4]));
        pair.toServer(Packets.of(tag, 0x7A, 0, new byte[4]));
        pair.toServer(Packets.of(tag, 0xBA, 0, new byte[4]));
        pair.toServer(Packets.of(tag, 0xFA, 0, new byte[4]));
        assertThat(pair.server.statistics().dropped(SctpDrop.CHUNK_UNKNOWN)).isEqualTo(4);
        assertThat(errors).hasSize(2);
    }

    @Test
    void aFloodOfRequestsGetsABoundedNumberOfAnswers() {
        SctpPair pair = SctpPair.established();
        byte[] heartbeat = Packets.of(pair.server.association().localTag(), ChunkType.HEARTBEAT, 0, new byte[4]);
        for (int i = 0; i < 1_000; i++) {
            pair.server.onPacket(Unpooled.wrappedBuffer(heartbeat), pair.nowNanos);
        }
        assertThat(pair.server.statistics().dropped(SctpDrop.CONTROL_QUEUE_FULL))
                .isEqualTo(1_000 - Replies.REPLIES_MAX);
    }
}
