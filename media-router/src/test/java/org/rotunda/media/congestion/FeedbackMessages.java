package org.rotunda.media.congestion;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.rotunda.media.rtcp.RtcpCompound;
import org.rotunda.media.rtcp.TransportFeedback;
import org.rotunda.media.rtcp.TransportFeedbackWriter;

/** Builds real transport-wide feedback for tests of single machines. */
final class FeedbackMessages {
    private final TransportFeedbackWriter writer = new TransportFeedbackWriter();
    private int count;

    /**
     * Returns a message about packets from {@code base} on.
     *
     * @param arrivalMs the arrival of each packet in ms; negative if it was not received. The first and the last packet
     *     must have been received.
     */
    RtcpCompound about(int base, double... arrivalMs) {
        writer.begin(base, ticks(arrivalMs[0]));
        for (int i = 0; i < arrivalMs.length; i++) {
            if (arrivalMs[i] >= 0 && !writer.addReceived(base + i, ticks(arrivalMs[i]))) {
                throw new IllegalStateException("too much for one message");
            }
        }
        ByteBuf buffer = Unpooled.buffer();
        writer.writeTo(buffer, 1, 2, count++ & 0xFF);
        RtcpCompound compound = new RtcpCompound();
        if (compound.wrap(buffer) != null || !compound.next() || !TransportFeedback.isValid(compound)) {
            throw new IllegalStateException("bad message");
        }
        return compound;
    }

    /** Skips a number of the message counter, as if a message had been lost. */
    void loseOne() {
        count++;
    }

    private static long ticks(double ms) {
        return Math.round(ms * 4);
    }
}
