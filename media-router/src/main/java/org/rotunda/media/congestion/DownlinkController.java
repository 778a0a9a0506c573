package org.rotunda.media.congestion;

import org.jspecify.annotations.Nullable;
import org.rotunda.media.congestion.OveruseDetector.Usage;
import org.rotunda.media.rtcp.RtcpCompound;
import org.rotunda.media.rtcp.TransportFeedback;
import org.rotunda.media.time.Deadline;

/**
 * The congestion control of one egress transport: all its SSRCs, with RTX and padding. Sans-IO; owned by the event loop
 * of the transport; no garbage and no lock per packet. The algorithm is Google Congestion Control in the form of
 * libwebrtc (draft-ietf-rmcat-gcc-02 describes its first version); {@code docs/congestion-control.md} has the constants.
 *
 * <p>How a transport drives it:
 *
 * <ol>
 *   <li>Make one controller per transport. Nothing is due before the first packet or the first positive demand.
 *   <li>Every RTP packet that leaves with a transport-wide sequence number is told by {@link #onSent}: media, RTX and
 *       padding. The time is that of the real departure, after the {@link Pacer}. Numbers rise by one per packet.
 *   <li>Every valid {@link TransportFeedback} goes to {@link #onFeedback}, every REMB to {@link
 *       #onRemb}, every measured round trip to {@link #onRtt}. Clients that did not negotiate transport-wide feedback:
 *       packets are told by {@link #onSent} with {@link #NO_SEQUENCE}, and report blocks by {@link #onLossReport}.
 *   <li>After each of these calls, and at {@link #nextDeadlineNanos}, the transport calls {@link #onTimeout} and then
 *       sends probe packets:
 *       <pre>{@code
 * controller.onTimeout(now);
 * for (int due = controller.probeBytesDue(now); due > 0; due = controller.probeBytesDue(now)) {
 *     int sent = sendPaddingPacket(due);  // an RTX copy or padding of about min(due, MTU) bytes; it calls
 *                                         // onSent(sequence, size, true, now) itself
 *     if (sent == 0) {
 *         controller.cancelProbe(now);    // nothing can carry padding at this moment
 *     }
 * }
 * }</pre>
 *       Media that leaves during a probe counts towards it, so nothing has to be held back.
 *   <li>{@link #setDemand} tells what the subscriber would use ({@code DesiredTransport.downlink}); without demand there
 *       is no probing.
 *   <li>A new nominated candidate pair is told by {@link #onRouteChanged}.
 * </ol>
 *
 * <p>{@link #estimateBps} changes only inside {@code onFeedback}, {@code onRemb}, {@code onLossReport}, {@code
 * onTimeout}, {@code setDemand} and {@code onRouteChanged}.
 */
public final class DownlinkController {
    /** The estimate of a new transport; the first probes correct it within a round trip or two. */
    public static final long START_BPS = 1_000_000;

    /** The least estimate: one voice with its overhead. */
    public static final long MIN_BPS = 30_000;

    /** The highest estimate. No subscriber of ours uses more. */
    public static final long MAX_BPS = 30_000_000;

    /** The transport sequence of a packet that carries none. */
    public static final int NO_SEQUENCE = -1;

    /** The queue from which the estimate is lowered for a moment, so that the queue drains. */
    static final double DRAIN_NANOS_MIN = 80e6;

    /** The queue of which a whole share of the rate is given up; a queue of 150 ms gives up three tenths. */
    static final double DRAIN_NANOS = 500e6;

    static final double DRAIN_SHARE_MIN = 0.6;

    /** How long after a decrease the queue may be drained so. A queue that stays longer is made by others. */
    static final long DRAIN_TIME_NANOS = 2_000_000_000L;

    /** The queue below which a rising delay is no overuse. */
    static final double QUEUE_NANOS_MIN = 15e6;

    /** The share of the rate that is left at least after a probe with a lower result. */
    static final double PROBE_LOWERS = 0.9;

    /** How long after the source limited the rate, a queue shows overuse and a rising delay alone does not. */
    static final long LIMITED_NANOS = 10_000_000_000L;

    /** The share of the acknowledged rate that arrives in the last moments if the capacity has not fallen. */
    static final double CARRIED_SHARE = 0.95;

    /** How long after the beginning of a probe the acknowledged rate says more of its padding than of the capacity. */
    static final long PROBED_NANOS = 1_000_000_000;

    /** The share of the estimate below which the sent rate alone cannot fill the bottleneck. */
    static final double BURST_SHARE = 0.95;

    /** The queue that a burst of a key frame makes at most, because it is paced. */
    static final double BURST_QUEUE_NANOS = 80e6;

    /** The smoothed loss may exceed the inherent loss by this factor and still be random. */
    static final double RANDOM_LOSS_ROOM = 1.7;

    private static final long RECENT_NANOS = 3_000_000_000L;
    private static final double LOSS_OVERUSED = 0.02;

    private final CongestionStatistics statistics = new CongestionStatistics();
    private final SendHistory history;
    private final FeedbackReader feedback;
    private final AcknowledgedRate acknowledged = new AcknowledgedRate();
    private final AlrDetector alr;
    private final AlrDetector source;
    private final DelayControl delay;
    private final LossControl loss;
    private final ReportControl reports;
    private final ProbeController probes = new ProbeController(statistics);
    private final PathState path = new PathState();
    private final QueueDelay queue = new QueueDelay();
    private final DelayVariation variation = new DelayVariation();
    private final LossRatio lossRatio = new LossRatio();
    private final FeedbackWatch watch = new FeedbackWatch();
    private final SentRate sent = new SentRate();
    private @Nullable CongestionTrace trace;
    private long estimateBps;
    private double acknowledgedBps;
    private double remb = MAX_BPS;
    private boolean sampled;
    private long drainUntil = Long.MIN_VALUE;
    private Usage usage = Usage.NORMAL;

    /** Makes a controller that starts at {@link #START_BPS}. */
    public DownlinkController(long nowNanos) {
        this(START_BPS, nowNanos);
    }

    /** Makes a controller with another start, for scenarios that demand one. */
    DownlinkController(long startBps, long nowNanos) {
        estimateBps = startBps;
        alr = new AlrDetector((double) startBps, AlrDetector.USE);
        source = new AlrDetector((double) startBps, BURST_SHARE);
        loss = new LossControl((double) startBps, MIN_BPS, MAX_BPS);
        history = new SendHistory(nowNanos);
        feedback = new FeedbackReader(history);
        delay = new DelayControl((double) startBps, MIN_BPS, MAX_BPS, nowNanos);
        reports = new ReportControl((double) startBps, MIN_BPS, MAX_BPS, nowNanos);
        probes.onEstimate((double) startBps, nowNanos);
    }

    /** Records all inputs from now on, or stops recording if null. See {@link TraceRecorder}. */
    public void setTrace(@Nullable CongestionTrace trace) {
        this.trace = trace;
    }

    /**
     * Records a packet that leaves now.
     *
     * @param transportSequence the transport-wide sequence number (16 bits), or {@link #NO_SEQUENCE}
     * @param sizeBytes the length of the UDP payload: RTP header, extensions, payload and SRTP tag
     * @param padding true if the packet leaves only because {@link #probeBytesDue} asked for it
     */
    public void onSent(int transportSequence, int sizeBytes, boolean padding, long nowNanos) {
        if (trace != null) {
            trace.onSent(transportSequence, sizeBytes, padding, nowNanos);
        }
        sent.onSent(sizeBytes, nowNanos);
        if (!padding) {
            alr.onSent(sizeBytes, nowNanos);
            source.onSent(sizeBytes, nowNanos);
        }
        if (transportSequence == NO_SEQUENCE) {
            return;
        }
        watch.onSent(nowNanos);
        int cluster = probes.onSent(sizeBytes, history.next(transportSequence), nowNanos);
        history.add(transportSequence, sizeBytes, cluster, nowNanos);
    }

    /**
     * Handles one transport-wide feedback message.
     *
     * @param packet the message under the cursor; it must have passed {@link
     *     org.rotunda.media.rtcp.TransportFeedback#isValid}; borrowed for the call
     */
    public void onFeedback(RtcpCompound packet, long nowNanos) {
        if (trace != null) {
            trace.onFeedback(packet, nowNanos);
        }
        boolean news = feedback.read(packet);
        statistics.feedbacks++;
        statistics.feedbacksLost += feedback.feedbacksLost();
        if (!news) {
            statistics.feedbacksIgnored++;
            return;
        }
        statistics.acknowledgedPackets += feedback.received();
        statistics.lostPackets += feedback.lostPackets() - feedback.recoveredPackets();
        lossRatio.add(feedback.received(), feedback.lostPackets() - feedback.recoveredPackets(), nowNanos);
        if (feedback.received() == 0) {
            return;
        }
        sampled = true;
        watch.onFeedback();
        watch.onRtt(nowNanos - feedback.sentNanos(feedback.received() - 1), nowNanos);
        delay.rate().onRtt(watch.rttNanos());
        alr.update(nowNanos);
        source.update(nowNanos);
        for (int i = 0; i < feedback.received(); i++) {
            long sentNanos = feedback.sentNanos(i);
            long arrivalNanos = feedback.arrivalNanos(i);
            int size = feedback.sizeBytes(i);
            acknowledged.onPacket(sentNanos, arrivalNanos, size);
            if (feedback.cluster(i) != 0) {
                probes.onAcknowledged(feedback.cluster(i), sentNanos, arrivalNanos, size);
            }
        }
        acknowledgedBps = acknowledged.bps();
        queue.onPackets(feedback, nowNanos);
        variation.onPackets(
                feedback,
                probes.isStarting()
                        ? Double.POSITIVE_INFINITY
                        : Math.max(delay.rate().bps(), acknowledgedBps));
        delay.onPackets(feedback, nowNanos);
        updateDelay(nowNanos);
        loss.onFeedback(
                (double) feedback.receivedBytes(),
                feedback.lostBytes(),
                feedback.recoveredBytes(),
                feedback.oldestSentNanos(),
                feedback.newestSentNanos(),
                acknowledgedBps,
                delay.rate().bps(),
                alr.isLimited());
        update(nowNanos);
    }

    /**
     * Handles a receiver estimated maximum bitrate (draft-alvestrand-rmcat-remb-03): a cap on the estimate, also for
     * clients with transport-wide feedback. Without transport-wide feedback it is the main source of the estimate.
     */
    public void onRemb(long bps, long nowNanos) {
        if (trace != null) {
            trace.onRemb(bps, nowNanos);
        }
        remb = (double) bps;
        if (!sampled) {
            reports.onReceiverEstimate(remb);
        }
        update(nowNanos);
    }

    /** Handles a round-trip time, for example of a receiver report (RFC 3550 §6.4.1). */
    public void onRtt(long rttNanos, long nowNanos) {
        if (trace != null) {
            trace.onRtt(rttNanos, nowNanos);
        }
        watch.onRtt(rttNanos, nowNanos);
        delay.rate().onRtt(watch.rttNanos());
    }

    /**
     * Handles the report blocks of one RTCP compound (RFC 3550 §6.4.1), for clients without transport-wide feedback;
     * ignored once such feedback has come.
     *
     * @param expected how many packets the client should have had since its previous report: the difference of the
     *     extended highest sequence numbers, summed over its streams
     * @param lost how many of them it did not get: the difference of the cumulative numbers, at least 0
     */
    public void onLossReport(long expected, long lost, long nowNanos) {
        if (trace != null) {
            trace.onLossReport(expected, lost, nowNanos);
        }
        if (sampled) {
            return;
        }
        lossRatio.add(Math.max(0, expected - lost), lost, nowNanos);
        reports.onReport(expected, lost, sent.bps(nowNanos), Math.max(0, watch.rttNanos()), nowNanos);
        update(nowNanos);
    }

    /**
     * Handles a new network path. Packets on the way are forgotten; the estimate restarts at what was last
     * acknowledged, at most {@link #START_BPS}, and the initial probes follow.
     */
    public void onRouteChanged(long nowNanos) {
        if (trace != null) {
            trace.onRouteChanged(nowNanos);
        }
        double start = Math.min(START_BPS, acknowledgedBps > 0 ? acknowledgedBps : (double) estimateBps);
        history.clear();
        feedback.reset();
        acknowledged.reset();
        acknowledgedBps = 0;
        delay.resetDelays();
        delay.rate().restart(start, nowNanos);
        loss.reset(start);
        reports.reset(start);
        queue.reset();
        variation.reset();
        lossRatio.reset();
        watch.reset();
        probes.reset();
        remb = MAX_BPS;
        drainUntil = nowNanos;
        usage = Usage.NORMAL;
        update(nowNanos);
    }

    /**
     * Tells what the subscriber could use. May be called with unchanged values.
     *
     * @param desiredBps the sum with ample bandwidth, audio included; 0 = nothing is to be sent, so nothing is probed
     * @param nextBps the target of an upgrade probe: the rate that the next step of the allocation needs; 0 = none
     * @param capBps the highest useful estimate; probes do not go above it; 0 = unknown
     */
    public void setDemand(long desiredBps, long nextBps, long capBps, long nowNanos) {
        if (trace != null) {
            trace.onDemand(desiredBps, nextBps, capBps, nowNanos);
        }
        probes.onDemand((double) desiredBps, (double) nextBps, (double) capBps, nowNanos);
    }

    /** Returns what the network carries towards this subscriber, within [{@link #MIN_BPS}, {@link #MAX_BPS}]. */
    public long estimateBps() {
        return estimateBps;
    }

    /** Returns the rate at which a {@link Pacer} may empty bursts. */
    public long pacingBps() {
        return estimateBps * 5 / 2;
    }

    /** Returns whether the delay rises now, or loss limits the estimate now. */
    public boolean isOverused() {
        return usage == Usage.OVERUSE
                || (loss.state() == LossControl.State.DECREASING && lossRatio.ratio() >= LOSS_OVERUSED);
    }

    /** Returns whether any feedback has come from this client. */
    public boolean isSampled() {
        return sampled;
    }

    /**
     * Returns whether the estimate says what the path carries: feedback has come, and the first probes are over. The
     * estimate of a path that they overuse counts at once.
     */
    public boolean isMeasured() {
        return sampled && (!probes.isStarting() || isOverused());
    }

    /** Returns whether packets have been sent for more than 500 ms without feedback: no upgrades are justified now. */
    public boolean isFeedbackLate(long nowNanos) {
        return watch.isLate(nowNanos);
    }

    /** Returns the share of lost packets, 0 to 1, smoothed over about a second. */
    public double loss() {
        return lossRatio.ratio();
    }

    /** Returns the time that packets spend in queues of the path, in ms: one-way delay above its recent minimum. */
    public int queueMillis() {
        return (int) (queue.nanos() / 1e6);
    }

    /** Returns the smoothed round-trip time in ms, or -1 if it is unknown. */
    public int rttMillis() {
        long rtt = watch.rttNanos();
        return rtt < 0 ? -1 : (int) (rtt / 1_000_000);
    }

    /** Returns the rate of acknowledged bytes, or 0 if it is unknown. */
    public long acknowledgedBps() {
        return (long) acknowledgedBps;
    }

    /** Returns the rate of what was sent, padding included, over the last one to two seconds. */
    public long sentBps(long nowNanos) {
        return (long) sent.bps(nowNanos);
    }

    /**
     * Returns how many bytes of padding should leave at this moment for the current probe; 0 if none. After a packet of
     * that many bytes (or less) the answer is smaller, or 0 until {@link #nextDeadlineNanos}.
     */
    public int probeBytesDue(long nowNanos) {
        return probes.bytesDue(nowNanos);
    }

    /** Gives up the current probe, because nothing can carry its padding now. Another one is tried later. */
    public void cancelProbe(long nowNanos) {
        if (trace != null) {
            trace.onProbeCancelled(nowNanos);
        }
        probes.cancel(nowNanos);
    }

    /** Does what is due: probe timing, missing feedback, periodic probes. Cheap if nothing is due. */
    public void onTimeout(long nowNanos) {
        if (watch.onTimeout(nowNanos)) {
            statistics.backOffs++;
            double lowered = Math.max(MIN_BPS, FeedbackWatch.STEP * estimateBps);
            delay.rate().set(lowered, nowNanos);
            reports.reset(lowered);
            update(nowNanos);
        }
        alr.update(nowNanos);
        source.update(nowNanos);
        fillPathState(nowNanos);
        probes.onTimeout(path, nowNanos);
        if (trace != null) {
            trace.onTimeout(estimateBps, nowNanos);
        }
    }

    public long nextDeadlineNanos() {
        return Deadline.min(watch.nextDeadlineNanos(), probes.nextDeadlineNanos());
    }

    /** Returns the counters of this controller. */
    public CongestionStatistics statistics() {
        return statistics;
    }

    private void updateDelay(long nowNanos) {
        Usage previous = usage;
        usage = delay.usage();
        double probed = probes.takeResult(feedback.highestReported(), RANDOM_LOSS_ROOM * randomLoss(), nowNanos);
        if (usage == Usage.OVERUSE && previous != Usage.OVERUSE) {
            statistics.overuses++;
        }
        if (usage != Usage.OVERUSE && probed > 0) {
            delay.rate().set(Math.max(probed, leastAfterProbe(probed)), nowNanos);
            loss.onProbe(probed);
        } else {
            if (usage == Usage.OVERUSE && isFalseAlarm(nowNanos)) {
                delay.rate().hold(nowNanos);
                return;
            }
            double rate = usage == Usage.OVERUSE
                    ? acknowledged.carriedBps(delay.rate().bps())
                    : acknowledgedBps;
            boolean lowered = delay.update(rate, sent.bps(nowNanos), source.isLimited(), nowNanos);
            if (lowered && previous != Usage.OVERUSE) {
                drainUntil = nowNanos + DRAIN_TIME_NANOS;
            }
        }
    }

    /**
     * Returns whether the delay rises although the bottleneck carries everything: there is no queue yet, or a burst such
     * as a key frame or a probe has made a short one while less is sent than the estimate allows.
     */
    private boolean isFalseAlarm(long nowNanos) {
        boolean isProbed = source.isLimited() && probes.wasOutWithin(PROBED_NANOS, nowNanos);
        if (!isProbed && acknowledged.isFallen(CARRIED_SHARE)) {
            return false;
        }
        return source.isLimited()
                ? queue.nanos() < BURST_QUEUE_NANOS + (isProbed ? probes.ownQueueNanos() : 0)
                : source.wasLimitedWithin(LIMITED_NANOS, nowNanos) && queue.nanos() < QUEUE_NANOS_MIN;
    }

    /**
     * Returns the least rate after the result of a probe. A result may lower the rate, but it is as inexact as the cluster
     * is short, so it lowers it little by little; and a saturated bottleneck that carries the rate is no reason at all, nor
     * is a result that jitter may have spoilt.
     */
    private double leastAfterProbe(double probedBps) {
        double rate = delay.rate().bps();
        if (probes.isResultJittery()) {
            return rate;
        }
        double least = Math.max(PROBE_LOWERS * rate, RateControl.DECREASE * acknowledgedBps);
        return Math.min(rate, Math.max(least, probedBps / ProbeResult.SATURATED_USE));
    }

    private void update(long nowNanos) {
        double bps = sampled ? loss.limitedBps(delay.rate().bps()) : reports.bps();
        bps = Math.min(bps, remb) * drainShare(nowNanos);
        estimateBps = (long) Math.max(MIN_BPS, Math.min(MAX_BPS, bps));
        alr.setEstimate((double) estimateBps);
        source.setEstimate((double) estimateBps);
        probes.onEstimate((double) estimateBps, nowNanos);
    }

    /**
     * Returns the share of the estimate that may be used now. After a drop of the capacity the queue is full, and a rate
     * just below the new capacity would take seconds to drain it (a departure: libwebrtc has no such step).
     */
    private double drainShare(long nowNanos) {
        if (nowNanos >= drainUntil || queue.nanos() < DRAIN_NANOS_MIN) {
            return 1;
        }
        return Math.max(DRAIN_SHARE_MIN, 1 - queue.nanos() / DRAIN_NANOS);
    }

    /** Returns the loss that does not come from the rate, or 0 if it may come from it. */
    private double randomLoss() {
        return loss.state() == LossControl.State.DELAY ? loss.inherentLoss() : 0;
    }

    private void fillPathState(long nowNanos) {
        path.estimateBps = (double) estimateBps;
        path.loss = lossRatio.ratio();
        path.randomLoss = RANDOM_LOSS_ROOM * randomLoss();
        path.queueNanos = queue.nanos();
        path.jitterNanos = variation.nanos();
        path.normal = usage == Usage.NORMAL;
        path.lossLimited = loss.state() == LossControl.State.DECREASING;
        path.lossIncreasing = loss.state() == LossControl.State.INCREASING;
        path.recentlyApplicationLimited = alr.wasLimitedWithin(RECENT_NANOS, nowNanos);
        path.feedbackBad = watch.isBad() || watch.isLate(nowNanos);
        path.sampled = sampled;
    }
}
