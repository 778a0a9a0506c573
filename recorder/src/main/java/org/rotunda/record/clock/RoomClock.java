package org.rotunda.record.clock;

import org.rotunda.media.rtp.SequenceNumbers;

/**
 * Maps the RTP timestamps of a track to the time since 1970. The publisher's sender reports say which time a timestamp
 * is; before the first one the arrival of packets does. Between two corrections times follow RTP exactly.
 *
 * <ul>
 *   <li>An error of at most {@link #TOLERATED_MICROS} stands. A larger one is corrected by a step, never by stretching,
 *       where it is not heard or seen: before a frame that the caller calls inaudible.
 *   <li>An error above {@link #AT_ONCE_MICROS} in three reports in a row is corrected at once.
 *   <li>A frame that is further ahead of its arrival than {@link #JUMP_MICROS} is a jump of the sender's timestamps,
 *       and one that stays so far behind for {@link #STALL_MICROS} comes after a stall of its capture. Both are placed
 *       by their arrival. A burst of late packets, which the network held back, is neither: it catches up at once.
 * </ul>
 *
 * <p>Sans-IO: the time is in the arguments. Owned by one event loop.
 */
public final class RoomClock {
    static final long TOLERATED_MICROS = 40_000;
    static final long AT_ONCE_MICROS = 200_000;
    static final int AT_ONCE_REPORTS = 3;
    static final long JUMP_MICROS = 1_000_000;
    static final long STALL_MICROS = 500_000;

    /**
     * Half of the time over which the shortest transit is kept. The publisher's clock drifts by less than 10 ms in it.
     */
    private static final long TRANSIT_HALF_MICROS = 15_000_000;

    private static final long NONE = Long.MAX_VALUE;

    private final long clockRateHz;

    private boolean hasTimestamp;
    private long lastExtended; // The extended RTP timestamp that was seen last.
    private boolean anchored;
    private long offsetMicros; // Time = RTP in microseconds + offset.

    private boolean reported; // A sender report has been used in this generation.
    private long reportedOffsetMicros;
    private long pendingMicros; // The correction that waits.
    private int largeErrors;

    // The shortest transit (arrival - RTP) in the current and the previous half of the memory.
    private long transitMicros = NONE;
    private long transitBeforeMicros = NONE;
    private long halfEndMicros;
    private long stalledSinceMicros = NONE;
    private long stalledTransitMicros;

    private long steps;
    private long resets;

    public RoomClock(int clockRateHz) {
        this.clockRateHz = clockRateHz;
    }

    /** Forgets the stream: the timestamps of another one follow. */
    public void onGeneration() {
        hasTimestamp = false;
        anchored = false;
        reported = false;
        forgetTransit();
        clearErrors();
    }

    /**
     * Handles a report of the media node.
     *
     * @param unixMicros the time of the timestamp, in microseconds since 1970
     * @param bySenderReport false if the media node knows only arrivals; we know them ourselves
     */
    public void onClock(int timestamp, long unixMicros, boolean bySenderReport) {
        if (!bySenderReport) {
            return;
        }
        reportedOffsetMicros = unixMicros - toMicros(unwrap(timestamp));
        boolean isFirst = !reported;
        reported = true;
        if (!anchored) {
            return;
        }
        long errorMicros = reportedOffsetMicros - offsetMicros;
        long size = Math.abs(errorMicros);
        largeErrors = size > AT_ONCE_MICROS ? largeErrors + 1 : 0;
        // One wild report must not move anything: a report that was under way when the timestamps jumped says nothing.
        boolean isWild = size > JUMP_MICROS && largeErrors < AT_ONCE_REPORTS && !isFirst;
        pendingMicros = size > TOLERATED_MICROS && !isWild ? errorMicros : 0;
    }

    /**
     * Returns the time of a frame, in microseconds since 1970. Frames come in the order of their sequence numbers.
     *
     * @param arrivalMicros when the frame arrived, by the media node's clock
     * @param inaudible true if a step before this frame is not heard; true for all video
     */
    public long onFrame(int timestamp, long arrivalMicros, boolean inaudible) {
        lastExtended = unwrap(timestamp);
        long rtpMicros = toMicros(lastExtended);
        long transit = arrivalMicros - rtpMicros;
        if (!anchored) {
            anchored = true;
            boolean isPlausible = Math.abs(reportedOffsetMicros - transit) <= 5 * JUMP_MICROS;
            offsetMicros = reported && isPlausible ? reportedOffsetMicros : transit;
        }
        watchTransit(transit, arrivalMicros);
        if (pendingMicros != 0 && (inaudible || largeErrors >= AT_ONCE_REPORTS)) {
            step(transit, arrivalMicros);
        }
        return rtpMicros + offsetMicros;
    }

    private void step(long transit, long arrivalMicros) {
        offsetMicros += pendingMicros;
        steps++;
        if (Math.abs(pendingMicros) > JUMP_MICROS) {
            forgetTransit(); // The report and the arrivals saw the same jump; it must not be corrected twice.
            noteTransit(transit, arrivalMicros);
        }
        clearErrors();
    }

    private void watchTransit(long transit, long arrivalMicros) {
        long shortest = Math.min(transitMicros, transitBeforeMicros);
        long behind = shortest == NONE ? 0 : transit - shortest;
        if (behind < -JUMP_MICROS) {
            reset(behind);
        } else if (behind > JUMP_MICROS) {
            if (stalledSinceMicros == NONE) {
                stalledSinceMicros = arrivalMicros;
                stalledTransitMicros = transit;
            }
            stalledTransitMicros = Math.min(stalledTransitMicros, transit);
            if (arrivalMicros - stalledSinceMicros < STALL_MICROS) {
                return; // It may be a burst of late packets.
            }
            reset(stalledTransitMicros - shortest);
        } else {
            stalledSinceMicros = NONE;
        }
        noteTransit(transit, arrivalMicros);
    }

    /** Moves all times from here on by how far the timestamps have moved against the arrivals. */
    private void reset(long micros) {
        offsetMicros += micros;
        resets++;
        forgetTransit();
        clearErrors();
    }

    private void noteTransit(long transit, long arrivalMicros) {
        if (arrivalMicros >= halfEndMicros) {
            transitBeforeMicros = transitMicros;
            transitMicros = NONE;
            halfEndMicros = arrivalMicros + TRANSIT_HALF_MICROS;
        }
        transitMicros = Math.min(transitMicros, transit);
    }

    private void forgetTransit() {
        transitMicros = NONE;
        transitBeforeMicros = NONE;
        stalledSinceMicros = NONE;
    }

    private void clearErrors() {
        pendingMicros = 0;
        largeErrors = 0;
    }

    private long unwrap(int timestamp) {
        long extended = hasTimestamp
                ? SequenceNumbers.unwrapTimestamp(timestamp, lastExtended)
                : Integer.toUnsignedLong(timestamp);
        if (!hasTimestamp) {
            hasTimestamp = true;
            lastExtended = extended;
        }
        return extended;
    }

    private long toMicros(long extended) {
        return extended * 1_000_000 / clockRateHz;
    }

    /** Returns whether a sender report is known, so that times need no large correction any more. */
    public boolean isReported() {
        return reported;
    }

    /** Returns the number of corrections by a step. */
    public long steps() {
        return steps;
    }

    /** Returns the number of jumps of the sender's timestamps and stalls of its capture. */
    public long resets() {
        return resets;
    }
}
