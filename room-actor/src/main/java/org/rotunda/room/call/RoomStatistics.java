package org.rotunda.room.call;

import java.time.Duration;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;
import org.rotunda.media.control.DurationHistogram;
import org.rotunda.media.control.Histogram;
import org.rotunda.room.allocation.SubscriberPlan;
import org.rotunda.room.pair.PairOutcome;
import org.rotunda.room.signal.SignalChannel;
import org.rotunda.room.signal.SignalFault;

/** Metrics of the live calls of this process. Safe to use from any thread. */
public final class RoomStatistics {
    private static final List<Duration> GAP_BOUNDS = Stream.of(100, 200, 400, 800, 1_200, 1_600, 2_500, 5_000, 10_000)
            .map(Duration::ofMillis)
            .toList();

    private final LongAdder rooms = new LongAdder();
    private final LongAdder participants = new LongAdder();
    private final LongAdder tracks = new LongAdder();
    private final LongAdder answersOverdue = new LongAdder();
    private final LongAdder answersGivenUp = new LongAdder();
    private final LongAdder desiredResent = new LongAdder();
    private final LongAdder refusedBusy = new LongAdder();
    private final LongAdder updatesDropped = new LongAdder();
    private final LongAdder updatesMerged = new LongAdder();
    private final Map<MoveReason, LongAdder> moved = counters(MoveReason.class);
    private final Map<FaultPlace, LongAdder> memberFaults = counters(FaultPlace.class);
    private final Map<PairOutcome, LongAdder> pairMessages = counters(PairOutcome.class);
    private final LongAdder upgrades = new LongAdder();
    private final LongAdder downgrades = new LongAdder();
    private final LongAdder congestionSwitchOffs = new LongAdder();
    private final LongAdder otherSwitchOffs = new LongAdder();
    private final LongAdder allocations = new LongAdder();
    private final LongAdder mediaNotices = new LongAdder();
    private final LongAdder mediaCommands = new LongAdder();
    private final LongAdder speakerChanges = new LongAdder();
    private final Map<SignalChannel, LongAdder> signalsRead = counters(SignalChannel.class);
    private final Map<SignalChannel, LongAdder> signalsSent = counters(SignalChannel.class);
    private final Map<SignalFault, LongAdder> signalsDropped = counters(SignalFault.class);
    private final DurationHistogram moveGaps = new DurationHistogram(GAP_BOUNDS);

    /** The number of rooms with a live call in this process. */
    public long rooms() {
        return rooms.sum();
    }

    /** The number of participants in live calls, connected or reconnecting. */
    public long participants() {
        return participants.sum();
    }

    /** The number of tracks published in live calls. */
    public long tracks() {
        return tracks.sum();
    }

    /** The number of offers that clients did not answer in time, since the start of the process. */
    public long answersOverdue() {
        return answersOverdue.sum();
    }

    /**
     * The number of offers that clients did not answer in time on a second connection, since the start of the process.
     * A client that does not answer an offer in time gets such a second connection.
     */
    public long answersGivenUp() {
        return answersGivenUp.sum();
    }

    /** The number of desired states sent again for lack of an acknowledgement, since the start of the process. */
    public long desiredResent() {
        return desiredResent.sum();
    }

    /**
     * The number of requests that were refused since the start of the process, because a journal was away, too many
     * commands waited for a journal, or no media node had a free place.
     */
    public long refusedBusy() {
        return refusedBusy.sum();
    }

    /**
     * The number of commands dropped because a journal was away for too long, or because their writes failed too often,
     * since the start of the process.
     */
    public long updatesDropped() {
        return updatesDropped.sum();
    }

    /**
     * The number of client updates merged with a waiting update of the same session, since the start of the process.
     */
    public long updatesMerged() {
        return updatesMerged.sum();
    }

    /**
     * The number of transports moved to another media node or replaced for this reason, since the start of the process.
     */
    public long moved(MoveReason reason) {
        return Objects.requireNonNull(moved.get(reason)).sum();
    }

    /** The number of times that a defect in this place ended a member of a call, since the start of the process. */
    public long memberFaults(FaultPlace place) {
        return Objects.requireNonNull(memberFaults.get(place)).sum();
    }

    /**
     * The number of descriptions and lists of candidates that clients in rooms without a media server have sent, and
     * that were handled in this way, since the start of the process.
     */
    public long pairMessages(PairOutcome outcome) {
        return Objects.requireNonNull(pairMessages.get(outcome)).sum();
    }

    /** The number of changes of a sent video track to a better layer, since the start of the process. */
    public long upgrades() {
        return upgrades.sum();
    }

    /** The number of changes of a sent video track to a worse layer, since the start of the process. */
    public long downgrades() {
        return downgrades.sum();
    }

    /** The number of times that congestion has switched a video track off, since the start of the process. */
    public long congestionSwitchOffs() {
        return congestionSwitchOffs.sum();
    }

    /**
     * The number of times that a subscriber's client or the largest number of tracks in its profile has switched a video
     * track off, since the start of the process.
     */
    public long otherSwitchOffs() {
        return otherSwitchOffs.sum();
    }

    /** The number of events and reports that rooms got from media nodes, since the start of the process. */
    public long mediaNotices() {
        return mediaNotices.sum();
    }

    /** The number of commands that rooms sent to media nodes, since the start of the process. */
    public long mediaCommands() {
        return mediaCommands.sum();
    }

    /** The number of times that the layers of a subscriber were decided, since the start of the process. */
    public long allocations() {
        return allocations.sum();
    }

    /** The number of times that a client was told who speaks, since the start of the process. */
    public long speakerChanges() {
        return speakerChanges.sum();
    }

    /** The number of messages of clients that were read on this channel, since the start of the process. */
    public long signalsRead(SignalChannel channel) {
        return Objects.requireNonNull(signalsRead.get(channel)).sum();
    }

    /** The number of messages sent to clients on this channel, since the start of the process. */
    public long signalsSent(SignalChannel channel) {
        return Objects.requireNonNull(signalsSent.get(channel)).sum();
    }

    /** The number of messages of clients on media-signaling channels dropped for this reason. */
    public long signalsDropped(SignalFault fault) {
        return Objects.requireNonNull(signalsDropped.get(fault)).sum();
    }

    /** The times from a move until the conductor hears that the client has followed. */
    public Histogram moveGaps() {
        return moveGaps.snapshot();
    }

    private static <K extends Enum<K>> Map<K, LongAdder> counters(Class<K> keys) {
        Map<K, LongAdder> counters = new EnumMap<>(keys);
        for (K key : keys.getEnumConstants()) {
            counters.put(key, new LongAdder());
        }
        return Collections.unmodifiableMap(counters); // The map is filled once; only its adders change later.
    }

    /** Returns an object through which one call keeps its part of the metrics up to date. */
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

    public void countUpdateMerged() {
        updatesMerged.increment();
    }

    void countMoved(MoveReason reason) {
        Objects.requireNonNull(moved.get(reason)).increment();
    }

    void countMemberFault(FaultPlace place) {
        Objects.requireNonNull(memberFaults.get(place)).increment();
    }

    void countPairMessage(PairOutcome outcome) {
        Objects.requireNonNull(pairMessages.get(outcome)).increment();
    }

    void countMediaNotice() {
        mediaNotices.increment();
    }

    void countMediaCommand() {
        mediaCommands.increment();
    }

    /** Counts what a plan has changed between two states of its own counters. */
    void countAllocation(SubscriberPlan.Counts before, SubscriberPlan.Counts after) {
        allocations.increment();
        upgrades.add(after.upgrades() - before.upgrades());
        downgrades.add(after.downgrades() - before.downgrades());
        congestionSwitchOffs.add(after.congestionOffs() - before.congestionOffs());
        otherSwitchOffs.add(after.otherOffs() - before.otherOffs());
    }

    void countSpeakerChange() {
        speakerChanges.increment();
    }

    void countSignalRead(SignalChannel channel) {
        Objects.requireNonNull(signalsRead.get(channel)).increment();
    }

    void countSignalSent(SignalChannel channel) {
        Objects.requireNonNull(signalsSent.get(channel)).increment();
    }

    void countSignalDropped(SignalFault fault) {
        Objects.requireNonNull(signalsDropped.get(fault)).increment();
    }

    void countMoveGap(Duration gap) {
        moveGaps.addNanos(gap.toNanos());
    }

    /** The part of the metrics that comes from one call. Owned by the conductor of the call. */
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
