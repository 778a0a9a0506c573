package org.rotunda.media.sctp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rotunda.media.time.Deadline.NO_DEADLINE;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import org.rotunda.media.sctp.SctpPair.Link;

/** An association in some state, with a record of the packets that its real peer sent. */
final class SctpVictim {
    final List<byte[]> recorded = new ArrayList<>();
    final Association association;
    final int nextTsn;
    private final DataChannels channels;
    private final Crc32cChecksum answerChecksum = new Crc32cChecksum();
    private long nowNanos;

    SctpVictim(long seed, int stage) {
        SctpPair pair = new SctpPair(seed, Link.PERFECT);
        pair.dropToServer = packet -> {
            recorded.add(packet);
            return false;
        };
        if (stage > 0) {
            pair.server.start(pair.nowNanos);
            pair.drain();
        }
        if (stage == 2) {
            pair.runUntil(() -> pair.server.association().state() == AssociationState.COOKIE_ECHOED, 1_000);
        }
        pair.client.start(pair.nowNanos);
        if (stage > 2) {
            pair.runMs(300);
            int id = pair.client.open("x", new ChannelParameters(false, 1, -1, ""), pair.nowNanos);
            pair.server.open("y", ChannelParameters.RELIABLE, pair.nowNanos);
            pair.runMs(100);
            pair.sendText(pair.client, id, "f".repeat(5_000));
            pair.sendText(pair.server, 1, "f".repeat(5_000));
            pair.runMs(300);
            pair.client.close(id, pair.nowNanos);
            pair.runMs(stage == 4 ? 300 : 5);
        }
        if (stage >= 5) {
            (stage == 5 ? pair.server : pair.client).shutdown(pair.nowNanos);
            pair.runMs(stage == 7 ? 12 : 5);
        }
        pair.drain();
        channels = pair.server;
        association = channels.association();
        nextTsn = association.receiver().cumulativeTsn() + 1;
        nowNanos = pair.nowNanos;
    }

    int tag() {
        return association.localTag();
    }

    void receive(ByteBuf packet) {
        nowNanos += SctpPair.MS;
        channels.onPacket(packet, nowNanos);
        if (channels.nextDeadlineNanos() <= nowNanos) {
            channels.onTimeout(nowNanos);
        }
        channels.drainTo(this::onSent);
    }

    /**
     * Checks that each packet that we write is valid and not too long, whatever we have read. The check is needed
     * because answers repeat parts of the input.
     */
    private void onSent(ByteBuf packet) {
        assertThat(packet.readableBytes()).isLessThanOrEqualTo(SctpSettings.DEFAULT.packetBytesMax());
        assertThat(SctpPacket.check(packet, SctpSettings.DEFAULT.port(), answerChecksum))
                .isNull();
        packet.release();
    }

    void check() {
        assertThat(association.receiver().heldBytes()).isBetween(0, 2 * SctpSettings.DEFAULT.receiveWindowBytes());
        assertThat(association.sender().flightBytes()).isNotNegative();
        assertThat(channels.channels().size()).isLessThanOrEqualTo(SctpSettings.DEFAULT.channelsMax());
        for (int i = 0; i < 50 && channels.nextDeadlineNanos() != NO_DEADLINE; i++) {
            long deadline = channels.nextDeadlineNanos();
            nowNanos = Math.max(nowNanos, deadline);
            channels.onTimeout(nowNanos);
            channels.drainTo(this::onSent);
            // A deadline in the past would make the loop spin.
            assertThat(channels.nextDeadlineNanos()).isGreaterThan(nowNanos);
        }
    }
}
