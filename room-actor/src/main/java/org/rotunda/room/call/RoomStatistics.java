package org.rotunda.room.call;

import java.util.concurrent.atomic.LongAdder;

/** Gauges over the live calls of this process, for metrics. Any thread. */
public final class RoomStatistics {
    private final LongAdder rooms = new LongAdder();
    private final LongAdder participants = new LongAdder();
    private final LongAdder tracks = new LongAdder();
    private final LongAdder answersOverdue = new LongAdder();
    private final LongAdder answersGivenUp = new LongAdder();
    private final LongAdder desiredResent = new LongAdder();
    private final LongAdder refusedBusy = new LongAdder();
    private final LongAdder updatesDropped = new LongAdder();
    private final LongAdder moved = new LongAdder();

    /** Calls with an owner in this process. */
    public long rooms() {
        return rooms.sum();
    }

    /** Participants of those, connected or reconnecting. */
    public long participants() {
        return participants.sum();
    }

    /** Tracks published in those. */
    public long tracks() {
        return tracks.sum();
    }

    /** Offers no client answered in time, since start. */
    public long answersOverdue() {
        return answersOverdue.sum();
    }

    /** Offers that had no answer on a fresh connection either, since start. */
    public long answersGivenUp() {
        return answersGivenUp.sum();
    }

    /** Desired states sent again because no router acknowledged them, since start. */
    public long desiredResent() {
        return desiredResent.sum();
    }

    /** Requests refused because a journal was away or too much waited for it, since start. */
    public long refusedBusy() {
        return refusedBusy.sum();
    }

    /** Words of clients that could not be kept because a journal was away for too long, since start. */
    public long updatesDropped() {
        return updatesDropped.sum();
    }

    /** Live connections moved to another media node, since start. */
    public long moved() {
        return moved.sum();
    }

    /** The part of one call. */
    Share open() {
        return new Share();
    }

    void countAnswerOverdue() {
        answersOverdue.increment();
    }

    void countAnswerGivenUp() {
        answersGivenUp.increment();
    }

    void countDesiredResent() {
        desiredResent.increment();
    }

    public void countRefusedBusy() {
        refusedBusy.increment();
    }

    public void countUpdateDropped() {
        updatesDropped.increment();
    }

    void countMoved() {
        moved.increment();
    }

    /** One call's part of the gauges. Owned by its conductor. */
    final class Share {
        private boolean counted;
        private int participantsNow;
        private int tracksNow;

        private Share() {}

        void set(int nextParticipants, int nextTracks) {
            if (!counted) {
                counted = true;
                rooms.increment();
            }
            participants.add(nextParticipants - participantsNow);
            tracks.add(nextTracks - tracksNow);
            participantsNow = nextParticipants;
            tracksNow = nextTracks;
        }

        void close() {
            if (counted) {
                set(0, 0);
                rooms.decrement();
                counted = false;
            }
        }
    }
}
