package org.rotunda.media.sctp;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.rotunda.media.sctp.SctpPair.Link;

class AssociationTest {
    private final Crc32cChecksum checksum = new Crc32cChecksum();

    @Test
    void simultaneousOpenGivesOneAssociation() {
        SctpPair pair = new SctpPair(1, Link.PERFECT);
        pair.client.start(pair.nowNanos);
        pair.server.start(pair.nowNanos);
        pair.runMs(5_000);
        assertThat(pair.serverEvents.ups).isOne();
        assertThat(pair.clientEvents.ups).isOne();
        assertThat(pair.server.stats().restarts() + pair.client.stats().restarts())
                .isZero();
        assertThat(pair.server.association().localTag()).isNotZero();
    }

    @Test
    void aTamperedCookieIsDroppedAndTheGoodOneStillWorks() {
        SctpPair pair = new SctpPair(1, Link.PERFECT);
        List<byte[]> echoes = capture(pair, ChunkType.COOKIE_ECHO);
        pair.client.start(pair.nowNanos);
        pair.runUntil(() -> !echoes.isEmpty(), 1_000);
        for (int at = 16; at < 16 + StateCookie.COOKIE_BYTES; at += 5) {
            byte[] tampered = echoes.get(0).clone();
            tampered[at] ^= 1;
            pair.toServer(mended(tampered));
        }
        assertThat(pair.server.isUp()).isFalse();
        assertThat(pair.server.stats().dropped(SctpDropReason.COOKIE_INVALID)).isEqualTo(16);
        pair.toServer(echoes.get(0));
        assertThat(pair.server.isUp()).isTrue();
    }

    @Test
    void aStaleCookieIsRefusedAndThePeerBeginsAgain() {
        SctpPair pair = new SctpPair(1, Link.PERFECT);
        List<byte[]> echoes = capture(pair, ChunkType.COOKIE_ECHO);
        pair.client.start(pair.nowNanos);
        pair.runMs(65_000);
        pair.dropToServer = packet -> false;
        pair.toServer(echoes.get(0));
        assertThat(pair.server.stats().dropped(SctpDropReason.COOKIE_STALE)).isOne();
        assertThat(pair.server.isUp()).isFalse();
        pair.runMs(5_000);
        assertThat(pair.server.isUp()).isTrue();
        assertThat(pair.client.isUp()).isTrue();
    }

    @Test
    void wrongTagsPortsAndChecksumsAreCountedDrops() {
        SctpPair pair = SctpPair.established();
        byte[] heartbeat = chunk(pair.server.association().localTag() + 1, ChunkType.HEARTBEAT, 0, new byte[4]);
        pair.toServer(heartbeat);
        byte[] badPort = chunk(pair.server.association().localTag(), ChunkType.HEARTBEAT, 0, new byte[4]);
        badPort[1] ^= 1;
        pair.toServer(mended(badPort));
        badPort[1] ^= 1;
        pair.toServer(badPort);
        assertThat(pair.server.stats().dropped(SctpDropReason.BAD_VERIFICATION_TAG))
                .isOne();
        assertThat(pair.server.stats().dropped(SctpDropReason.BAD_PORT)).isOne();
        assertThat(pair.server.stats().dropped(SctpDropReason.BAD_CHECKSUM)).isOne();
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
        pair.toServer(chunk(pair.server.association().localTag(), ChunkType.HEARTBEAT, 0, info));
        assertThat(acks).hasSize(1);
        assertThat(acks.get(0)).endsWith(info);
        pair.runMs(31_000);
        assertThat(acks).hasSize(2);
        assertThat(pair.server.stats().dropped(SctpDropReason.CHUNK_UNEXPECTED)).isZero();
    }

    @Test
    void aSilentPeerIsUnreachableInTheEnd() {
        SctpPair pair = SctpPair.established();
        int id = pair.server.open("x", ChannelParameters.RELIABLE, pair.nowNanos);
        pair.dropToServer = packet -> true;
        pair.runMs(60_000);
        assertThat(pair.server.isUp()).isTrue(); // ICE consent decides long before us.
        pair.runMs(120_000);
        assertThat(pair.serverEvents.downs).containsExactly(AssociationDownReason.PEER_UNREACHABLE);
        assertThat(pair.serverEvents.closed).containsExactly(id);
        assertThat(pair.server.nextDeadlineNanos()).isEqualTo(DataChannels.NO_DEADLINE);
    }

    @Test
    void dataWithoutUserDataAbortsTheAssociation() {
        SctpPair pair = SctpPair.established();
        pair.toServer(chunk(pair.server.association().localTag(), ChunkType.DATA, 3, new byte[12]));
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
        pair.toServer(chunk(tag, 0x3A, 0, new byte[4]));
        pair.toServer(chunk(tag, 0x7A, 0, new byte[4]));
        pair.toServer(chunk(tag, 0xBA, 0, new byte[4]));
        pair.toServer(chunk(tag, 0xFA, 0, new byte[4]));
        assertThat(pair.server.stats().dropped(SctpDropReason.CHUNK_UNKNOWN)).isEqualTo(4);
        assertThat(errors).hasSize(2);
    }

    @Test
    void aFloodOfRequestsGetsABoundedNumberOfAnswers() {
        SctpPair pair = SctpPair.established();
        byte[] heartbeat = chunk(pair.server.association().localTag(), ChunkType.HEARTBEAT, 0, new byte[4]);
        for (int i = 0; i < 1_000; i++) {
            pair.server.onPacket(Unpooled.wrappedBuffer(heartbeat), pair.nowNanos);
        }
        assertThat(pair.server.stats().dropped(SctpDropReason.CONTROL_QUEUE_FULL))
                .isEqualTo(1_000 - Replies.REPLIES_MAX);
    }

    /** The peer announces no room: one chunk at a time probes until there is room again (RFC 9260 §6.1). */
    @Test
    void aZeroWindowIsProbedAndReopens() {
        SctpPair pair = SctpPair.established();
        int id = pair.server.open("x", ChannelParameters.RELIABLE, pair.nowNanos);
        pair.runMs(500);
        pair.dropToClient = packet -> true;
        pair.sendText(pair.server, id, "q".repeat(50_000));
        Sender sender = pair.server.association().sender();
        int cumulative = sender.lastAssignedTsn(); // Everything before this message is acknowledged.
        pair.toServer(sack(pair, cumulative, 0));
        pair.runMs(3_000);
        long probes = pair.server.stats().dataChunksRetransmitted();
        assertThat(sender.flightBytes()).isLessThanOrEqualTo(SctpSettings.DEFAULT.packetBytesMax());
        pair.toServer(sack(pair, cumulative, 0));
        pair.runMs(10_000);
        assertThat(pair.server.stats().dataChunksRetransmitted()).isGreaterThan(probes);
        assertThat(sender.flightBytes()).isLessThanOrEqualTo(SctpSettings.DEFAULT.packetBytesMax());
        assertThat(pair.server.isUp()).isTrue();

        pair.dropToClient = packet -> false;
        assertThat(pair.runUntil(() -> !pair.clientEvents.texts(id).isEmpty(), 20_000))
                .isTrue();
    }

    @Test
    void aSackForWhatWasNeverSentIsDropped() {
        SctpPair pair = SctpPair.established();
        pair.toServer(sack(pair, pair.server.association().sender().lastAssignedTsn() + 1, 1 << 20));
        assertThat(pair.server.stats().dropped(SctpDropReason.CHUNK_MALFORMED)).isOne();
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
        assertThat(pair.server.stats().dataChunksRetransmitted()).isOne();
        assertThat(pair.server.stats().retransmissionTimeouts()).isZero();
    }

    private static List<byte[]> capture(SctpPair pair, int type) {
        List<byte[]> captured = new ArrayList<>();
        pair.dropToServer = packet -> {
            if (packet[12] == type) {
                captured.add(packet);
                return true;
            }
            return false;
        };
        return captured;
    }

    private byte[] sack(SctpPair pair, int cumulative, int window) {
        ByteBuf value =
                Unpooled.buffer(12).writeInt(cumulative).writeInt(window).writeInt(0);
        return chunk(pair.server.association().localTag(), ChunkType.SACK, 0, ByteBufUtil.getBytes(value));
    }

    private byte[] chunk(int tag, int type, int flags, byte[] value) {
        ByteBuf packet = Unpooled.buffer(64);
        packet.writeShort(5000).writeShort(5000).writeInt(tag).writeInt(0);
        packet.writeByte(type).writeByte(flags).writeShort(4 + value.length).writeBytes(value);
        return mended(ByteBufUtil.getBytes(packet));
    }

    private byte[] mended(byte[] packet) {
        checksum.write(Unpooled.wrappedBuffer(packet));
        return packet;
    }
}
