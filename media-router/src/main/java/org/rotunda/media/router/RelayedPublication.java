package org.rotunda.media.router;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;
import org.rotunda.media.control.LayerLimit;
import org.rotunda.media.control.TrackKind;
import org.rotunda.media.forward.SourceClock;
import org.rotunda.media.forward.SourceTrack;
import org.rotunda.media.sctp.ChannelParameters;
import org.rotunda.media.transport.RelayedTrack;
import org.rotunda.media.transport.SentTrack;
import org.rotunda.media.transport.TrackSource;

/**
 * One track whose publisher is on another event loop, with its subscribers on this loop. Tells the publisher's loop how many
 * encodings are wanted here, and says so again until the answer shows that the other loop knows. Owned by the loop of the
 * subscribers.
 */
final class RelayedPublication extends Fanout implements RelayEnd, RelayedTrack.Origin {
    /**
     * The time for which encodings are still handed over after nobody wants them. A paused subscriber completes its last
     * frame in this time.
     */
    static final long LINGER_NANOS = 1_000_000_000L;

    /** The shortest time between two equal wishes. */
    static final long REPEAT_NANOS = 100_000_000L;

    private static final int UNKNOWN = -2; // The other loop has not answered yet.
    private static final long NEVER = Long.MIN_VALUE;

    private final RoomRelays room;
    private final SourceClock clock;
    private RoomDirectory.Entry entry;
    private @Nullable RelayedTrack track; // Null until the publisher's loop has told the state of its media.
    private int nextWanted; // What the links that are being made want.
    private int linkedWanted; // What the links in force want.
    private int wanted;
    private int confirmed = UNKNOWN;
    private int asked = UNKNOWN;
    private long askedNanos = NEVER;
    private long lessSinceNanos = NEVER; // The time since which fewer encodings are wanted than are handed over.
    private boolean closed;

    RelayedPublication(
            TransportFaults faults,
            Departures departures,
            RoomRelays room,
            RoomDirectory.Entry entry,
            SourceClock clock) {
        super(faults, departures, entry.trackSid(), entry.kind());
        this.room = room;
        this.entry = entry;
        this.clock = clock;
    }

    /** Returns the clock that all tracks of the publisher share on this loop. */
    SourceClock clock() {
        return clock;
    }

    RoomDirectory.Entry entry() {
        return entry;
    }

    /** Takes another entry of the same publication. */
    void setEntry(RoomDirectory.Entry next) {
        entry = next;
    }

    @Override
    @Nullable
    TrackSource source() {
        return track;
    }

    @Override
    @Nullable
    ChannelParameters channel() {
        return entry.channel();
    }

    // --- what is wanted -------------------------------------------------------------------------------------------

    /** Notes what a subscription wants, while the links are made. */
    void want(LayerLimit layers, boolean paused) {
        if (!paused) {
            nextWanted = Math.max(nextWanted, Math.min(layers.spatialMax(), SourceTrack.ENCODINGS_MAX - 1) + 1);
        }
    }

    /** Puts the links and their wishes into force. */
    void linked(long nowNanos) {
        putLinksIntoForce();
        linkedWanted = nextWanted;
        nextWanted = 0;
        wish(nowNanos);
    }

    /** Wishes for more at once, and for less after a while. */
    private void wish(long nowNanos) {
        if (closed || kind() == TrackKind.DATA) {
            return; // Messages of data tracks come without a wish.
        }
        int present = linkedWanted;
        for (SentTrack subscriber : subscribers()) {
            present = Math.max(present, subscriber.currentEncoding() + 1); // Until the switch to a lower one.
        }
        if (present >= wanted) {
            wanted = present;
            lessSinceNanos = NEVER;
        } else if (lessSinceNanos == NEVER) {
            lessSinceNanos = nowNanos;
        } else if (nowNanos - lessSinceNanos >= LINGER_NANOS) {
            wanted = present;
            lessSinceNanos = NEVER;
        }
        if (wanted != confirmed && (wanted != asked || nowNanos - askedNanos >= REPEAT_NANOS)) {
            asked = wanted;
            askedNanos = nowNanos;
            tell(wanted);
        }
    }

    private void tell(int encodings) {
        // A wish that does not fit into the queue is repeated, because its answer does not come.
        boolean unused = room.tell(
                entry.loop(),
                from -> new RelayMessage.Wish(from.sid(), trackSid(), entry.number(), from.self(), this, encodings));
    }

    void onTimeout(long nowNanos) {
        if (track != null) {
            track.onTimeout(nowNanos);
        }
        wish(nowNanos);
    }

    /** Ends the relay, because nobody subscribes here any more, or another transport carries the track. */
    void close(long nowNanos) {
        closed = true;
        putLinksIntoForce();
        closeTrack();
        detach(nowNanos);
    }

    /** Ends the relay after a defect, until another transport carries the track. */
    void fail(long nowNanos) {
        if (!closed) {
            close(nowNanos);
            room.linksChanged();
        }
    }

    /** Tells the other loop again that nothing is wanted, because the message before was lost. */
    private void detach(long nowNanos) {
        if (kind() == TrackKind.DATA) {
            return;
        }
        if (askedNanos == NEVER || asked != RelayMessage.DETACH || nowNanos - askedNanos >= REPEAT_NANOS) {
            asked = RelayMessage.DETACH;
            askedNanos = nowNanos;
            tell(RelayMessage.DETACH);
        }
    }

    /** Releases the packets, because the loop ends. */
    void release() {
        closed = true;
        if (track != null) {
            track.close();
        }
    }

    private void closeTrack() {
        if (track != null) {
            departures().forward();
            track.close();
            track = null;
        }
    }

    // --- what comes from the other loop ---------------------------------------------------------------------------

    void onDescribed(RelayMessage.Described described, long nowNanos) {
        if (closed) {
            detach(nowNanos);
            return;
        }
        confirmed = described.encodings();
        RelayedTrack.State state = described.state();
        RelayedTrack present = track;
        if (state != null && present != null && present.canFollow(state)) {
            present.follow(state);
        } else if (state != null || present != null) {
            closeTrack();
            track = state == null ? null : new RelayedTrack(state, clock, this, this);
            room.linksChanged();
        }
    }

    void onPacket(int encoding, ByteBuf packet, long nowNanos) {
        if (closed) {
            detach(nowNanos);
        } else if (track != null && encoding < track.source().encodingCount()) {
            track.onPacket(encoding, packet, nowNanos);
        }
    }

    void onSenderReport(RelayMessage.SenderReported report, long nowNanos) {
        if (track != null && report.encoding() < track.source().encodingCount()) {
            track.onSenderReport(report.encoding(), report.ntpTimestamp(), report.rtpTimestamp(), nowNanos);
        }
    }

    // --- requests to the other loop -------------------------------------------------------------------------------

    @Override
    public void requestKeyFrame(int encoding) {
        // A request that does not fit into the queue is repeated, like one that is lost on its way to the publisher.
        boolean unused = room.tell(
                entry.loop(),
                from -> new RelayMessage.KeyFrameNeeded(from.sid(), trackSid(), entry.number(), encoding));
    }

    @Override
    public void requestPacket(int encoding, int sequenceNumber) {
        boolean unused = room.tell(
                entry.loop(),
                from -> new RelayMessage.PacketMissing(
                        from.sid(), trackSid(), entry.number(), from.self(), encoding, sequenceNumber));
    }

    @Override
    public void codecChanged() {
        room.linksChanged();
    }

    @Override
    public long nowNanos() {
        return room.nowNanos();
    }
}
