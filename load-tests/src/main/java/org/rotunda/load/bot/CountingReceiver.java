package org.rotunda.load.bot;

import io.netty.buffer.ByteBuf;
import io.netty.util.collection.IntObjectHashMap;
import io.netty.util.collection.IntObjectMap;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.rotunda.load.bot.receive.LossCounter;
import org.rotunda.media.rtp.RtpHeader;

/**
 * Counts the RTP packets that one bot receives, without decrypting them. Decryption and checks would take a large part
 * of the processors that the bots share with the node under test. The headers suffice to count packets, bytes and
 * losses, because SRTP leaves them in the clear. Gives no feedback, so a lost packet is never resent. Sans-IO; owned by
 * the loop of its {@link BotMedia}.
 */
final class CountingReceiver {
    /**
     * The maximum number of streams. A room sends a subscriber far fewer. The limit is needed because the packets are
     * not authenticated.
     */
    static final int STREAMS_MAX = 1_024;

    private final MediaCounters counters;
    private final LongConsumer firstMedia;
    private final IntObjectMap<LossCounter> losses = new IntObjectHashMap<>(); // The key is the SSRC.
    private boolean heard;

    /**
     * Creates a receiver without streams.
     *
     * @param firstMedia called once, with the arrival time of the first media packet
     */
    CountingReceiver(MediaCounters counters, LongConsumer firstMedia) {
        this.counters = counters;
        this.firstMedia = firstMedia;
    }

    /** Counts an encrypted packet, with its authentication tag. The packet is borrowed. */
    void onRtp(ByteBuf packet, long nowNanos) {
        if (!RtpHeader.isValid(packet)) {
            counters.unknownDatagrams++;
            return;
        }
        LossCounter loss = lossOf(RtpHeader.ssrc(packet));
        if (loss == null) {
            counters.unknownSsrcs++;
            return;
        }
        counters.packetsIn++;
        counters.bytesIn += packet.readableBytes();
        long before = loss.lost();
        loss.onPacket(RtpHeader.sequenceNumber(packet));
        counters.lost += loss.lost() - before;
        if (!heard) {
            heard = true;
            firstMedia.accept(nowNanos);
        }
    }

    /** Returns the counter of a stream, which the first packet of the stream creates; null above the limit. */
    private @Nullable LossCounter lossOf(int ssrc) {
        LossCounter known = losses.get(ssrc);
        if (known != null || losses.size() == STREAMS_MAX) {
            return known;
        }
        LossCounter created = new LossCounter();
        losses.put(ssrc, created);
        return created;
    }
}
