package org.rotunda.media.congestion;

import static org.rotunda.media.time.Deadline.NO_DEADLINE;

import org.jspecify.annotations.Nullable;
import org.rotunda.media.rtcp.RtcpCompound;

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
 *   <li>Every valid {@link org.rotunda.media.rtcp.TransportFeedback} goes to {@link #onFeedback}, every REMB to {@link
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

    private long estimateBps = START_BPS;

    /** Makes a controller that starts at {@link #START_BPS}. */
    public DownlinkController(long nowNanos) {}

    /** Records all inputs from now on, or stops recording if null. See {@link TraceRecorder}. */
    public void setTrace(@Nullable CongestionTrace trace) {}

    /**
     * Records a packet that leaves now.
     *
     * @param transportSequence the transport-wide sequence number (16 bits), or {@link #NO_SEQUENCE}
     * @param sizeBytes the length of the UDP payload: RTP header, extensions, payload and SRTP tag
     * @param padding true if the packet leaves only because {@link #probeBytesDue} asked for it
     */
    public void onSent(int transportSequence, int sizeBytes, boolean padding, long nowNanos) {}

    /**
     * Handles one transport-wide feedback message.
     *
     * @param packet the message under the cursor; it must have passed {@link
     *     org.rotunda.media.rtcp.TransportFeedback#isValid}; borrowed for the call
     */
    public void onFeedback(RtcpCompound packet, long nowNanos) {}

    /**
     * Handles a receiver estimated maximum bitrate (draft-alvestrand-rmcat-remb-03): a cap on the estimate, also for
     * clients with transport-wide feedback. Without transport-wide feedback it is the main source of the estimate.
     */
    public void onRemb(long bps, long nowNanos) {}

    /** Handles a round-trip time, for example of a receiver report (RFC 3550 §6.4.1). */
    public void onRtt(long rttNanos, long nowNanos) {}

    /**
     * Handles the report blocks of one RTCP compound (RFC 3550 §6.4.1), for clients without transport-wide feedback;
     * ignored once such feedback has come.
     *
     * @param expected how many packets the client should have had since its previous report: the difference of the
     *     extended highest sequence numbers, summed over its streams
     * @param lost how many of them it did not get: the difference of the cumulative numbers, at least 0
     */
    public void onLossReport(long expected, long lost, long nowNanos) {}

    /**
     * Handles a new network path. Packets on the way are forgotten; the estimate restarts at what was last
     * acknowledged, at most {@link #START_BPS}, and the initial probes follow.
     */
    public void onRouteChanged(long nowNanos) {}

    /**
     * Tells what the subscriber could use. May be called with unchanged values.
     *
     * @param desiredBps the sum with ample bandwidth, audio included; 0 = nothing is to be sent, so nothing is probed
     * @param nextBps the target of an upgrade probe: the rate that the next step of the allocation needs; 0 = none
     * @param capBps the highest useful estimate; probes do not go above it; 0 = unknown
     */
    public void setDemand(long desiredBps, long nextBps, long capBps, long nowNanos) {}

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
        return false;
    }

    /** Returns whether any feedback has come on this path, so that the estimate is measured and not assumed. */
    public boolean isSampled() {
        return false;
    }

    /** Returns whether packets have been sent for more than 500 ms without feedback: no upgrades are justified now. */
    public boolean isFeedbackLate(long nowNanos) {
        return false;
    }

    /** Returns the share of lost packets, 0 to 1, smoothed over about a second. */
    public double loss() {
        return 0;
    }

    /** Returns the time that packets spend in queues of the path, in ms: one-way delay above its recent minimum. */
    public int queueMillis() {
        return 0;
    }

    /** Returns the smoothed round-trip time in ms, or -1 if it is unknown. */
    public int rttMillis() {
        return -1;
    }

    /** Returns the rate of acknowledged bytes, or 0 if it is unknown. */
    public long acknowledgedBps() {
        return 0;
    }

    /**
     * Returns how many bytes of padding should leave at this moment for the current probe; 0 if none. After a packet of
     * that many bytes (or less) the answer is smaller, or 0 until {@link #nextDeadlineNanos}.
     */
    public int probeBytesDue(long nowNanos) {
        return 0;
    }

    /** Gives up the current probe, because nothing can carry its padding now. Another one is tried later. */
    public void cancelProbe(long nowNanos) {}

    /** Does what is due: probe timing, missing feedback, periodic probes. Cheap if nothing is due. */
    public void onTimeout(long nowNanos) {}

    public long nextDeadlineNanos() {
        return NO_DEADLINE;
    }

    /** Returns the counters of this controller. */
    public CongestionStatistics statistics() {
        return statistics;
    }

    private final CongestionStatistics statistics = new CongestionStatistics();
}
