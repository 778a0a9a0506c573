package org.rotunda.media.sctp;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;

class SenderTest {
    /**
     * Tests a peer that announces a receive window of zero. The sender probes with one chunk at a time until the window
     * opens again (RFC 9260 §6.1).
     */
    @Test
    void aZeroWindowIsProbedAndReopens() {
        SctpPair pair = SctpPair.established();
        int id = pair.server.open("x", ChannelParameters.RELIABLE, pair.nowNanos);
        pair.runMs(500);
        pair.dropToClient = packet -> true;
        pair.sendText(pair.server, id, "q".repeat(50_000));
        Sender sender = pair.server.association().sender();
        int cumulative = sender.lastAssignedTsn(); // Every chunk before this message is acknowledged.
        pair.toServer(sack(pair, cumulative, 0));
        pair.runMs(3_000);
        long probes = pair.server.statistics().dataChunksRetransmitted();
        assertThat(sender.flightBytes()).isLessThanOrEqualTo(SctpSettings.DEFAULT.packetBytesMax());
        pair.toServer(sack(pair, cumulative, 0));
        pair.runMs(10_000);
        assertThat(pair.server.statistics().dataChunksRetransmitted()).isGreaterThan(probes);
        assertThat(sender.flightBytes()).isLessThanOrEqualTo(SctpSettings.DEFAULT.packetBytesMax());
        assertThat(pair.server.isUp()).isTrue();

        pair.dropToClient = packet -> false;
        assertThat(pair.runUntil(() -> !pair.clientEvents.texts(id).isEmpty(), 20_000))
                .isTrue();
    }

    @Test
    void aSackForAnUnsentChunkIsDropped() {
        SctpPair pair = SctpPair.established();
        pair.toServer(sack(pair, pair.server.association().sender().lastAssignedTsn() + 1, 1 << 20));
        assertThat(pair.server.statistics().dropped(SctpDrop.CHUNK_MALFORMED)).isOne();
    }

    @Test
    void oneLostPacketIsRetransmittedWithoutATimeout() {
        SctpPair pair = SctpPair.established();
        int id = pair.server.open("x", ChannelParameters.RELIABLE, pair.nowNanos);
        pair.runMs(500);
        int[] count = {0};
        pair.dropToClient = packet -> packet.length > 1_000 && ++count[0] == 3;
        pair.sendText(pair.server, id, "q".repeat(12_000));
        assertThat(pair.runUntil(() -> !pair.clientEvents.texts(id).isEmpty(), 200))
                .isTrue();
        assertThat(pair.server.statistics().dataChunksRetransmitted()).isOne();
        assertThat(pair.server.statistics().retransmissionTimeouts()).isZero();
    }

    @Test
    void aSackThatCountsMoreBlocksThanItHasIsDropped() {
        SctpPair pair = SctpPair.established();
        int cumulative = pair.server.association().sender().lastAssignedTsn();
        ByteBuf value = Unpooled.buffer(12)
                .writeInt(cumulative)
                .writeInt(1 << 20)
                .writeShort(0xFFFF)
                .writeShort(0xFFFF);
        pair.toServer(Packets.of(pair.server.association().localTag(), ChunkType.SACK, 0, ByteBufUtil.getBytes(value)));
        assertThat(pair.server.statistics().dropped(SctpDrop.CHUNK_MALFORMED)).isOne();
        assertThat(pair.server.isUp()).isTrue();
    }

    private static byte[] sack(SctpPair pair, int cumulative, int window) {
        ByteBuf value =
                Unpooled.buffer(12).writeInt(cumulative).writeInt(window).writeInt(0);
        return Packets.of(pair.server.association().localTag(), ChunkType.SACK, 0, ByteBufUtil.getBytes(value));
    }
}
