package org.rotunda.media.router;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;
import org.rotunda.media.transport.RelayedTrack;

/**
 * The relay of one published track to one other event loop, on the publisher's side. Passes the wanted encodings. What
 * does not fit into the queue is dropped and counted, and a key frame is asked for when there is room again. Owned by the
 * publisher's loop.
 */
final class Relay {
    private final LoopLinks links;
    private final RouterStatistics statistics;
    private final RelayShare share;
    private final int loop;
    private final RelayEnd to;
    private int encodings;
    private boolean described; // The other loop has, or gets, the present state.
    private int missed; // A bit for each encoding of which a packet was dropped.

    Relay(LoopLinks links, RouterStatistics statistics, RelayShare share, int loop, RelayEnd to) {
        this.links = links;
        this.statistics = statistics;
        this.share = share;
        this.loop = loop;
        this.to = to;
    }

    int loop() {
        return loop;
    }

    boolean isTo(RelayEnd end) {
        return to == end;
    }

    /** Sets how many encodings are wanted. The caller must then call {@link #describe}. */
    void setEncodings(int wanted) {
        encodings = wanted;
        described = false;
    }

    boolean isDescribed() {
        return described;
    }

    /** Notes that the state has changed in a way that packets do not tell. */
    void onChanged() {
        described = false;
    }

    /** Tells the other loop the present state. No packet may wait. If the queue is full, nothing is passed until then. */
    void describe(RelayedTrack.@Nullable State state) {
        described = links.tell(loop, new RelayMessage.Described(to, encodings, state));
    }

    void onSenderReport(int encoding, long ntpTimestamp, int rtpTimestamp) {
        if (described && encoding < encodings) {
            // A lost report costs nothing, because the next one comes within seconds.
            boolean unused =
                    links.tell(loop, new RelayMessage.SenderReported(to, encoding, ntpTimestamp, rtpTimestamp));
        }
    }

    /** Passes a packet of an encoding, if it is wanted. The packet is borrowed for the call. */
    void pass(int encoding, ByteBuf packet, long arrivalNanos) {
        if (encoding >= encodings) {
            return;
        }
        int lengthBytes = packet.readableBytes();
        if (described && share.hasRoom(lengthBytes) && links.pass(loop, to, encoding, packet, share, arrivalNanos)) {
            share.onPassed(lengthBytes);
            statistics.onRelayed();
        } else {
            missed |= 1 << encoding;
            statistics.count(RouterDrop.LOOP_RELAY_FULL);
        }
    }

    /** Returns a bit for each encoding of which a packet was dropped since the last call. */
    int takeMissed() {
        int taken = missed;
        missed = 0;
        return taken;
    }
}
