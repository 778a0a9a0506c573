package org.rotunda.media.congestion;

import static org.rotunda.media.time.Deadline.NO_DEADLINE;

/**
 * Decides when to send a short cluster of packets at a higher rate, to see at once whether the path carries more
 * (libwebrtc, {@code ProbeController}). Owned by one event loop.
 *
 * <p>Departures from libwebrtc, because a router knows what its subscriber could use. Probes follow the demand: none
 * without unmet demand, and also outside the application-limited region, where libwebrtc sends none and growth is only
 * additive. Initial clusters go one after the other, each after the result of the one before, so that a narrow path gets
 * one cluster and not two at once.
 */
final class ProbeController {
    /** The first cluster of a path, as a multiple of the estimate; every further one doubles what the last showed. */
    static final double INITIAL = 3;

    static final double FURTHER = 2;

    /** A result above this share of the cluster's rate is worth another cluster: the bottleneck was not saturated. */
    static final double FURTHER_SHARE = 0.9;

    /** The same share for the initial clusters, whose packets are few. */
    static final double FURTHER_SHARE_INITIAL = 0.7;

    /**
     * How long the first cluster of a path waits for feedback. A client that has just begun to receive answers late, and
     * a cluster without an answer shows nothing.
     */
    static final long FIRST_FEEDBACK_NANOS = 300_000_000;

    /**
     * How long a path counts as starting if its first clusters show nothing. A page that has just begun to show video takes
     * packets late, and the clusters seem slow.
     */
    static final long START_NANOS = 1_500_000_000;

    /** A further cluster must be faster than the last one by this factor; caps may forbid it. */
    static final double FURTHER_WORTH = 1.25;

    static final double UPGRADE = 1.5;

    /** The next step is near if it needs less than this multiple of the result of a saturated cluster. */
    static final double NEAR = 1 / ProbeResult.SATURATED_USE + 0.02;

    /** What a probe for a near step exceeds that step by, because the result is not exact. */
    static final double NEAR_MARGIN = 1.03;

    /** After so many near clusters without success, an ordinary one follows. */
    static final int NEAR_FAILURES_MAX = 6;

    /**
     * Little is missing for the next step if it needs less than this multiple of the estimate. The room tolerates layers
     * that cost about as much more after one decrease, and asks for a probe that may keep them.
     */
    static final double LITTLE_MISSING = 1.15;

    /** How long after a cluster the next one may come if little is missing. */
    static final long LITTLE_MISSING_NANOS = 1_000_000_000;

    /** A next step is another one if what it needs differs from the last one by this share. */
    static final double WORTH_TELLING = 0.02;

    /** A cluster has saturated the bottleneck if it showed less than this share of its rate. */
    static final double SATURATED = 0.9;

    static final double ABOVE_ESTIMATE_MAX = 2;
    static final double ABOVE_ESTIMATE_MAX_AFTER_LOSS = 1.5;
    static final double ABOVE_DESIRED = 1.1;

    /** A probe is worth sending if it is above the estimate by this factor, and useful if its result is. */
    static final double WORTH = 1.05;

    static final double DROP_SHARE = 0.66;
    static final long PEAK_NANOS = 2_000_000_000L;
    static final double DROP_PROBE = 0.85;
    static final long DROP_NANOS = 5_000_000_000L;

    static final int CLUSTER_PACKETS = 5;
    static final long CLUSTER_NANOS_INITIAL = 15_000_000;

    /** The length of later clusters. They are longer because the timers of a JVM are late by some milliseconds. */
    static final long CLUSTER_NANOS = 30_000_000;

    /** The length of a near cluster. It hardly fills the bottleneck, so it may be long, and its result is more exact. */
    static final long CLUSTER_NANOS_NEAR = 60_000_000;

    /** The length of a cluster as a multiple of the jitter: the jitter at its two ends makes its result wrong. */
    static final double CLUSTER_JITTERS = 16;

    /** The largest share of a result that is given up because of jitter. */
    static final double JITTER_SHARE_MAX = 0.2;

    /** A result above this multiple of the estimate needs another one, if the jitter is high. */
    static final double DOUBTFUL = 1.1;

    /** The jitter above which results may be doubtful. */
    static final double DOUBTFUL_JITTER_NANOS = 5e6;

    /** How long after a first cluster with a doubtful result the next one may come. */
    static final long DOUBTFUL_NANOS = 1_000_000_000;

    /** The jitter that does not matter. */
    static final double JITTER_NANOS_MIN = 4e6;

    static final double CLUSTER_NANOS_MAX = 120e6;

    /** The same two limits of a cluster that is hardly faster than the estimate. */
    static final double CLUSTER_JITTERS_SLOW = 40;

    static final double CLUSTER_NANOS_MAX_SLOW = 250e6;

    /**
     * The rate of a cluster as a multiple of the estimate if the jitter is high. Only a long cluster shows a rate then, and a
     * fast one would fill the queue. Higher rates are reached by one cluster after the other.
     */
    static final double UPGRADE_WITH_JITTER = 1.25;

    /** The rate of a probe for a near step, as a multiple of what that step needs, if the jitter is high. */
    static final double NEAR_MARGIN_WITH_JITTER = 1.06;

    /** The time between two probes if the jitter is high, so that several of them take no longer than one otherwise. */
    static final long INTERVAL_NANOS_WITH_JITTER = 2_500_000_000L;

    /** The longest queue that counts as made by a cluster. */
    static final double OWN_QUEUE_NANOS_MAX = 50e6;

    /**
     * How long a cluster settles, as a multiple of the jitter. Its packets do not overtake each other, so soon they all have
     * the longest delay; until then they arrive too far apart.
     */
    static final double SETTLING_JITTERS = 3;

    /** The largest share of a cluster that is left out because it settles. */
    static final double SETTLING_SHARE_MAX = 1.0 / 3;

    /** The part of the jitter that the ends of a settled cluster may be wrong by. */
    static final double SETTLED_JITTER = 0.5;

    /** What leaves at once: two milliseconds of the cluster's rate. */
    static final long BURST_NANOS = 2_000_000;

    static final int PACKET_BYTES_MIN = 200;

    /** A cluster that is not out after this multiple of its length is given up. */
    static final int CLUSTER_LATE = 5;

    static final long RESULT_NANOS = 1_000_000_000;
    static final long INTERVAL_NANOS = 5_000_000_000L;
    static final long INTERVAL_NANOS_MAX = 8_000_000_000L;
    static final double INTERVAL_GROWTH = 1.5;

    /** The time between a change of the demand and the probe before it, or between two attempts. */
    static final long RETRY_NANOS = 250_000_000;

    static final double LOSS_MAX = 0.02;
    static final double QUEUE_NANOS_MAX = 30e6;
    static final double ABORT_LOSS = 0.05;

    private enum Phase {
        /** No cluster is out. */
        IDLE,
        /** The packets of a cluster are being sent. */
        SENDING,
        /** All packets of a cluster have been sent, and its result is awaited. */
        WAITING
    }

    private static final long NEVER = Long.MIN_VALUE;

    /** A deadline that has passed at any time, and far from the ends of the range, so that differences do not overflow. */
    private static final long AT_ONCE = Long.MIN_VALUE / 2;

    private final CongestionStatistics statistics;
    private final ProbeResult result = new ProbeResult();
    private Phase phase = Phase.IDLE;
    private boolean started; // A packet with a transport-wide sequence number has been sent on this path.
    private boolean awaitingFeedback; // The first cluster waits for the first feedback, until nextNanos at the latest.
    private boolean starting = true; // The first cluster, or one that follows it at once, is not over.
    private boolean shown; // A cluster of this path has shown a higher rate.
    private long startedNanos; // The time of the first packet of this path.
    private boolean initial = true; // No cluster of this path has ended.
    private double desiredBps;
    private double nextBps;
    private double capBps;
    private int cluster;
    private double targetBps;
    private double before; // The estimate when the cluster began.
    private long beganNanos;
    private long lengthNanos;
    private int bytesWanted;
    private int bytesSent;
    private int packetsSent;
    private long lastPacket; // The extended sequence number of the cluster's last packet.
    private long resultByNanos;
    private boolean near; // The cluster only has the rate that the next step needs.
    private boolean jittery; // The jitter was high when the cluster began.
    private boolean jitterUnknown; // The cluster that has ended was the first one, and the jitter was not known then.
    private double unconfirmedBps; // The result that another cluster must confirm; 0 if none.
    private double exactShare = 1; // The share of the result that counts.
    private int nearFailures;
    private double saturatedBps; // The result of the last cluster, if it saturated the bottleneck; else 0.
    private double furtherBps; // The rate of the cluster that follows a good result; 0 if none.
    private long nextNanos = AT_ONCE; // When unmet demand may be probed next.
    private long intervalNanos = INTERVAL_NANOS;
    private double estimateSeen;
    private double peakBps;
    private long peakNanos;
    private double droppedFromBps;
    private long droppedNanos = NEVER;
    private long dropProbedNanos = NEVER;

    ProbeController(CongestionStatistics statistics) {
        this.statistics = statistics;
    }

    /** Begins anew on another path: the initial cluster follows. */
    void reset() {
        phase = Phase.IDLE;
        started = false;
        awaitingFeedback = false;
        starting = true;
        shown = false;
        initial = true;
        furtherBps = 0;
        nextNanos = AT_ONCE;
        intervalNanos = INTERVAL_NANOS;
        peakBps = 0;
        saturatedBps = 0;
        unconfirmedBps = 0;
        droppedNanos = NEVER;
    }

    void onDemand(double newDesiredBps, double newNextBps, double newCapBps, long nowNanos) {
        boolean more = newDesiredBps > desiredBps * ABOVE_DESIRED || (nextBps == 0 && newNextBps > 0);
        boolean isLittleMissing = Math.abs(newNextBps - nextBps) > WORTH_TELLING * nextBps
                && newNextBps > estimateSeen
                && newNextBps <= LITTLE_MISSING * estimateSeen;
        unconfirmedBps = newDesiredBps > 0 ? unconfirmedBps : 0;
        desiredBps = newDesiredBps;
        nextBps = newNextBps;
        capBps = newCapBps;
        if (awaitingFeedback) {
            return;
        }
        if (more) {
            intervalNanos = INTERVAL_NANOS;
            nextNanos = Math.min(nextNanos, Math.max(nowNanos, beganNanos + RETRY_NANOS));
        } else if (isLittleMissing) {
            nextNanos = Math.min(nextNanos, Math.max(nowNanos, beganNanos + LITTLE_MISSING_NANOS));
        }
    }

    /**
     * Handles a packet that leaves, media or padding.
     *
     * @return the cluster that it belongs to, or 0
     */
    int onSent(int sizeBytes, long packet, long nowNanos) {
        if (!started) {
            started = true;
            startedNanos = nowNanos;
            awaitingFeedback = true;
            nextNanos = nowNanos + FIRST_FEEDBACK_NANOS;
        }
        if (phase != Phase.SENDING) {
            return 0;
        }
        bytesSent += sizeBytes;
        packetsSent++;
        lastPacket = packet;
        if (bytesSent >= bytesWanted && packetsSent >= CLUSTER_PACKETS) {
            phase = Phase.WAITING;
            resultByNanos = nowNanos + RESULT_NANOS;
            result.setMinimum(packetsSent, bytesSent);
        }
        return cluster;
    }

    /** Handles a received packet that belongs to a cluster. */
    void onAcknowledged(int ofCluster, long sentNanos, long arrivalNanos, int sizeBytes) {
        if (phase != Phase.IDLE) {
            result.onPacket(ofCluster, sentNanos, arrivalNanos, sizeBytes);
        }
    }

    /**
     * Returns the result of the cluster if it is complete, or 0. Called after each feedback message, once.
     *
     * @param randomLoss the loss that does not come from the rate, 0 to 1
     * @param highestReported the highest extended sequence number that any message has told about
     */
    double takeResult(long highestReported, double randomLoss, long nowNanos) {
        if (phase != Phase.WAITING || highestReported < lastPacket) {
            return 0;
        }
        double bps = result.bps(randomLoss) * exactShare;
        if (bps == 0 && nowNanos < resultByNanos && highestReported < lastPacket + CLUSTER_PACKETS) {
            return 0; // Packets that were overtaken may be told in the next message.
        }
        if (isDoubtful(bps)) {
            unconfirmedBps = bps;
            phase = Phase.IDLE;
            return 0;
        }
        double confirmed = unconfirmedBps > 0 ? Math.min(bps, unconfirmedBps) : bps;
        end(confirmed, nowNanos);
        return confirmed;
    }

    /** Returns whether a result must be confirmed by another cluster, because jitter may have made it too high. */
    private boolean isDoubtful(double bps) {
        return jittery && unconfirmedBps == 0 && bps > DOUBTFUL * before;
    }

    /** Handles a new estimate. */
    void onEstimate(double bps, long nowNanos) {
        estimateSeen = bps;
        if (bps >= peakBps || nowNanos - peakNanos > PEAK_NANOS) {
            peakBps = bps;
            peakNanos = nowNanos;
        } else if (bps < DROP_SHARE * peakBps) {
            droppedFromBps = peakBps;
            droppedNanos = nowNanos;
            peakBps = bps;
            peakNanos = nowNanos;
        }
    }

    /** Ends clusters that are late, and begins one if there is a reason to. */
    void onTimeout(PathState path, long nowNanos) {
        if (phase == Phase.SENDING && isHarmful(path) && !initial) {
            abort(nowNanos);
        } else if (phase == Phase.SENDING && nowNanos - beganNanos > CLUSTER_LATE * lengthNanos) {
            abort(nowNanos);
        } else if (phase == Phase.WAITING && nowNanos >= resultByNanos) {
            end(0, nowNanos);
        }
        if (phase == Phase.IDLE && started && desiredBps > 0) {
            consider(path, nowNanos);
            starting = starting && (phase != Phase.IDLE || awaitingFeedback || isStartUnclear(nowNanos));
        }
    }

    /** Returns whether the first clusters have shown nothing, and others may soon. */
    private boolean isStartUnclear(long nowNanos) {
        return cluster != 0 && !shown && nowNanos - startedNanos < START_NANOS;
    }

    /** Gives up the current cluster. */
    void cancel(long nowNanos) {
        if (phase == Phase.SENDING) {
            abort(nowNanos);
        }
    }

    int bytesDue(long nowNanos) {
        if (phase != Phase.SENDING) {
            return 0;
        }
        double allowed = targetBps / 8e9 * (nowNanos - beganNanos + BURST_NANOS);
        int left = packetsSent < CLUSTER_PACKETS
                ? Math.max(PACKET_BYTES_MIN, bytesWanted - bytesSent)
                : bytesWanted - bytesSent;
        boolean due = nowNanos >= nextPacketNanos();
        return due ? (int) Math.min(left, Math.max(PACKET_BYTES_MIN, allowed - bytesSent)) : 0;
    }

    long nextDeadlineNanos() {
        return switch (phase) {
            case SENDING -> nextPacketNanos();
            case WAITING -> resultByNanos;
            case IDLE -> isDemandUnmet() && started ? nextNanos : NO_DEADLINE;
        };
    }

    /**
     * Returns whether the first cluster of this path, or one that follows it at once, is still to be sent or answered, or
     * they have shown nothing and the path is new.
     */
    boolean isStarting() {
        return starting && desiredBps > 0;
    }

    /** Returns whether the jitter was high when the last cluster began. */
    boolean isResultJittery() {
        return jittery;
    }

    /** Returns whether a cluster is out, or the last one began less than the given time ago. */
    boolean wasOutWithin(long nanos, long nowNanos) {
        return phase != Phase.IDLE || (cluster != 0 && nowNanos - beganNanos < nanos);
    }

    /** Returns the queue that the last cluster makes if the estimate is what the path carries. */
    double ownQueueNanos() {
        return Math.min(OWN_QUEUE_NANOS_MAX, Math.max(0, targetBps / before - 1) * lengthNanos);
    }

    boolean isIdle() {
        return phase == Phase.IDLE;
    }

    private boolean isDemandUnmet() {
        return Math.max(desiredBps, nextBps) > estimateSeen; // A step needs a margin above what it costs.
    }

    private long nextPacketNanos() {
        return beganNanos + (long) (bytesSent * 8e9 / targetBps);
    }

    private void consider(PathState path, long nowNanos) {
        if (unconfirmedBps > 0) {
            if (isHarmful(path) || path.estimateBps > DOUBTFUL * before) {
                unconfirmedBps = 0;
                grow(nowNanos);
            } else {
                send(targetBps, path, nowNanos);
            }
            return;
        }
        if (furtherBps > 0) {
            double wanted = furtherBps;
            furtherBps = 0;
            boolean worth = capped(wanted) >= FURTHER_WORTH * targetBps;
            if (worth && !isHarmful(path) && begin(wanted, Double.MAX_VALUE, path, nowNanos)) {
                return;
            }
        }
        if (awaitingFeedback) {
            if (!path.sampled && nowNanos < nextNanos) {
                return;
            }
            awaitingFeedback = false;
            nextNanos = nowNanos;
        }
        if (initial) {
            if (nowNanos >= nextNanos && !begin(INITIAL * path.estimateBps, Double.MAX_VALUE, path, nowNanos)) {
                initial = path.estimateBps < desiredBps; // The estimate is already enough.
                nextNanos = nowNanos + intervalNanos;
            }
            return;
        }
        if (jitterUnknown && isJittery(path)) {
            jitterUnknown = false;
            nextNanos = Math.min(nextNanos, Math.max(nowNanos, beganNanos + DOUBTFUL_NANOS));
        }
        if (!isDemandUnmet()) {
            return;
        }
        if (!path.sampled) {
            nextNanos = Math.max(nextNanos, nowNanos + intervalNanos); // A client that never reports is not probed.
            return;
        }
        boolean due = nowNanos >= nextNanos;
        if (!due && !isDropProbeDue(path, nowNanos)) {
            return;
        }
        boolean lossy = path.loss > Math.max(LOSS_MAX, path.randomLoss) && !path.lossIncreasing;
        if (isHarmful(path) || lossy || path.queueNanos > QUEUE_NANOS_MAX) {
            nextNanos = Math.max(nextNanos, nowNanos + RETRY_NANOS);
            return;
        }
        double most = (path.lossIncreasing ? ABOVE_ESTIMATE_MAX_AFTER_LOSS : ABOVE_ESTIMATE_MAX) * path.estimateBps;
        boolean begun;
        if (due) {
            begun = isNextNear(path.estimateBps)
                    ? beginNear(path, nowNanos)
                    : begin(Math.max(nextBps, UPGRADE * path.estimateBps), most, path, nowNanos)
                            || (nextBps > path.estimateBps && beginNear(path, nowNanos));
        } else {
            dropProbedNanos = nowNanos;
            begun = begin(DROP_PROBE * droppedFromBps, Double.MAX_VALUE, path, nowNanos);
        }
        if (!begun) {
            nextNanos = nowNanos + RETRY_NANOS;
        }
    }

    /**
     * Returns whether the next step may fit into what a saturated bottleneck carried. Then a probe is only as fast as
     * that step needs, because the result of a probe that saturates the bottleneck is below its capacity.
     */
    private boolean isNextNear(double estimateBps) {
        return saturatedBps > 0 && nextBps > estimateBps && nextBps <= NEAR * Math.max(saturatedBps, estimateBps);
    }

    private boolean isDropProbeDue(PathState path, long nowNanos) {
        return droppedNanos != NEVER
                && nowNanos - droppedNanos < DROP_NANOS
                && path.recentlyApplicationLimited
                && (dropProbedNanos == NEVER || nowNanos - dropProbedNanos > DROP_NANOS)
                && DROP_PROBE * droppedFromBps > WORTH * path.estimateBps;
    }

    private static boolean isJittery(PathState path) {
        return path.jitterNanos > DOUBTFUL_JITTER_NANOS;
    }

    private static boolean isHarmful(PathState path) {
        boolean lossy = path.loss > Math.max(ABORT_LOSS, path.randomLoss) && !path.lossIncreasing;
        return !path.normal || path.lossLimited || path.feedbackBad || lossy;
    }

    private boolean begin(double wantedBps, double mostBps, PathState path, long nowNanos) {
        boolean slow = !initial && isJittery(path);
        double most = slow ? Math.min(mostBps, UPGRADE_WITH_JITTER * path.estimateBps) : mostBps;
        double target = capped(Math.min(wantedBps, most));
        if (target < WORTH * path.estimateBps) {
            return false;
        }
        near = false;
        send(target, path, nowNanos);
        return true;
    }

    private boolean beginNear(PathState path, long nowNanos) {
        near = true;
        double margin = isJittery(path) ? NEAR_MARGIN_WITH_JITTER : NEAR_MARGIN;
        send(Math.min(margin * nextBps, DownlinkController.MAX_BPS), path, nowNanos);
        return true;
    }

    private void send(double target, PathState path, long nowNanos) {
        cluster = cluster % SendHistory.CLUSTER_MAX + 1;
        phase = Phase.SENDING;
        targetBps = target;
        before = path.estimateBps;
        beganNanos = nowNanos;
        double jitterNanos = Math.max(0, path.jitterNanos - JITTER_NANOS_MIN);
        jittery = isJittery(path);
        long least = near ? CLUSTER_NANOS_NEAR : initial ? CLUSTER_NANOS_INITIAL : CLUSTER_NANOS;
        lengthNanos = near || (jittery && !initial)
                ? length(least, CLUSTER_JITTERS_SLOW * jitterNanos, CLUSTER_NANOS_MAX_SLOW)
                : length(least, CLUSTER_JITTERS * jitterNanos, CLUSTER_NANOS_MAX);
        bytesWanted = (int) (target * lengthNanos / 8e9);
        lengthNanos = Math.max(lengthNanos, (long) (CLUSTER_PACKETS * PACKET_BYTES_MIN * 8e9 / target));
        bytesSent = 0;
        packetsSent = 0;
        // The jitter at the two ends of the cluster may make its result too high.
        exactShare = 1 - Math.min(JITTER_SHARE_MAX, SETTLED_JITTER * jitterNanos / lengthNanos);
        double settling = Math.min(SETTLING_JITTERS * path.jitterNanos, SETTLING_SHARE_MAX * lengthNanos);
        result.begin(cluster, jittery ? (long) settling : 0);
        statistics.probes++;
    }

    private static long length(long leastNanos, double wantedNanos, double mostNanos) {
        return Math.max(leastNanos, (long) Math.min(wantedNanos, mostNanos));
    }

    private double capped(double bps) {
        double most = Math.min(ABOVE_DESIRED * desiredBps, DownlinkController.MAX_BPS);
        return Math.min(bps, capBps > 0 ? Math.min(most, capBps) : most);
    }

    private void abort(long nowNanos) {
        phase = Phase.IDLE;
        unconfirmedBps = 0;
        statistics.probesAborted++;
        grow(nowNanos);
    }

    private void end(double bps, long nowNanos) {
        phase = Phase.IDLE;
        unconfirmedBps = 0;
        if (near) {
            endNear(bps, nowNanos);
            return;
        }
        double furtherShare = initial ? FURTHER_SHARE_INITIAL : FURTHER_SHARE;
        jitterUnknown = initial && !jittery && bps < SATURATED * targetBps;
        initial = false;
        if (bps > WORTH * before) {
            onUseful(nowNanos);
        } else {
            grow(nowNanos);
        }
        saturatedBps = bps > 0 && bps < SATURATED * targetBps ? bps : 0;
        nearFailures = 0;
        if (bps > furtherShare * targetBps) {
            furtherBps = FURTHER * bps;
        }
    }

    private void endNear(double bps, long nowNanos) {
        if (bps > before) {
            onUseful(nowNanos);
            saturatedBps = 0;
            return;
        }
        // The cluster hardly fills the bottleneck, so it may come again soon: a lost packet may have spoilt its result.
        nextNanos = nowNanos + usualInterval();
        nearFailures++;
        if (nearFailures == NEAR_FAILURES_MAX) {
            saturatedBps = 0; // Another cluster must show the capacity again.
            grow(nowNanos);
        }
    }

    private void onUseful(long nowNanos) {
        shown = true;
        statistics.probesUseful++;
        intervalNanos = usualInterval();
        nextNanos = nowNanos + intervalNanos;
    }

    private long usualInterval() {
        return jittery ? INTERVAL_NANOS_WITH_JITTER : INTERVAL_NANOS;
    }

    private void grow(long nowNanos) {
        nextNanos = nowNanos + intervalNanos;
        intervalNanos = Math.min(INTERVAL_NANOS_MAX, (long) (intervalNanos * INTERVAL_GROWTH));
    }
}
