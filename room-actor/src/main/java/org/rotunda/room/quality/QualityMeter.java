package org.rotunda.room.quality;

import org.jspecify.annotations.Nullable;
import org.rotunda.media.control.QualityReport;

/**
 * The network quality of one participant. The level of each kind of media in each direction is the lowest level of its
 * metrics (loss, latency, and for video the bandwidth), smoothed and with hysteresis. The participant's level is the
 * lowest of the four.
 *
 * <p>The meter has no deadline of its own, because clients ask for answers. While no reports come the levels stay. Not
 * thread-safe; owner: the conductor of the room.
 */
public final class QualityMeter {
    /** Measurements so soon after a join, a new connection or a change of layers say nothing about the network. */
    public static final long SETTLING_NANOS = 3_000_000_000L;

    /**
     * Changes of layers that follow each other faster than this count as one, so that a participant whose layers change
     * all the time is still measured.
     */
    public static final long LAYER_CHANGES_APART_NANOS = 2 * SETTLING_NANOS;

    static final double MILLIS_PER_SECOND = 1_000;

    private final DirectionMeter audioSend = new DirectionMeter(false);
    private final DirectionMeter audioRecv = new DirectionMeter(false);
    private final DirectionMeter videoSend = new DirectionMeter(true);
    private final DirectionMeter videoRecv = new DirectionMeter(true);
    private final Smoothed rttMillis = new Smoothed();
    private final Settling sendLayers = new Settling();
    private final Settling recvLayers = new Settling();

    private ClientNetwork client = ClientNetwork.NONE;
    private VideoDemand demand = VideoDemand.NONE;
    private long connectedNanos;
    private long upBps;
    private long downBps;

    private QualityAnswer.@Nullable View levelOnly;
    private QualityAnswer.@Nullable View withParts;
    private QualityAnswer.@Nullable View withMeasurements;

    /** Makes the meter of a participant who joins now. */
    public QualityMeter(long nowNanos) {
        connectedNanos = nowNanos;
    }

    /** The participant has a new connection: its measurements begin again, and its levels stay until then. */
    public void onNewConnection(long nowNanos) {
        connectedNanos = nowNanos;
        rttMillis.forget();
        audioSend.restart();
        audioRecv.restart();
        videoSend.restart();
        videoRecv.restart();
        forgetViews();
    }

    /** The client reported its own measurements. */
    public void onClientNetwork(ClientNetwork reported) {
        client = reported;
    }

    /** The allocation of bandwidth changed, or an estimate did. */
    public void onDemand(VideoDemand changed) {
        demand = changed;
    }

    /** The client was asked to send other layers of a video track, or it publishes or ends a track. */
    public void onSentLayersChanged(long nowNanos) {
        sendLayers.onChange(nowNanos);
    }

    /** The client receives other layers of a video track, or another track. */
    public void onReceivedLayersChanged(long nowNanos) {
        recvLayers.onChange(nowNanos);
    }

    /** A media node reported the measurements of the last second. */
    public void onReport(QualityReport report, long nowNanos) {
        if (nowNanos - connectedNanos < SETTLING_NANOS) {
            return;
        }
        int measuredRtt = report.rttMillis() >= 0 ? report.rttMillis() : client.rttMillis();
        if (measuredRtt >= 0) {
            rttMillis.add(measuredRtt);
        }
        upBps = Math.max(0, report.upBps());
        downBps = Math.max(0, report.downBps());
        double rtt = rttMillis.value();
        audioSend.onReport(report.audioUp(), rtt, ClientNetwork.UNKNOWN, 0);
        audioRecv.onReport(report.audioDown(), rtt, ClientNetwork.UNKNOWN, 0);
        if (!sendLayers.isOn(nowNanos)) {
            videoSend.onReport(report.videoUp(), rtt, upAvailableBps(), demand.upWantedBps());
        }
        if (!recvLayers.isOn(nowNanos)) {
            videoRecv.onReport(report.videoDown(), rtt, demand.downAvailableBps(), demand.downWantedBps());
        }
        forgetViews();
    }

    /** Returns what the client can send: its own estimate, or more if it does send more. */
    private long upAvailableBps() {
        return client.availableSendBps() < 0 ? ClientNetwork.UNKNOWN : Math.max(client.availableSendBps(), upBps);
    }

    /** Returns the level, from {@link QualityScale#LEVEL_MAX} to {@link QualityScale#LEVEL_MIN}. */
    public int level() {
        return Math.min(Math.min(audioSend.level(), audioRecv.level()), Math.min(videoSend.level(), videoRecv.level()));
    }

    /** Returns the quality for an answer. Views are built once for each report, because many clients ask for them. */
    public QualityAnswer.View view(int verbosity) {
        if (verbosity <= QualityAnswer.LEVEL_ONLY) {
            levelOnly = levelOnly != null ? levelOnly : new QualityAnswer.View(level(), null, null);
            return levelOnly;
        }
        if (verbosity == QualityAnswer.WITH_PARTS) {
            withParts = withParts != null
                    ? withParts
                    : new QualityAnswer.View(
                            level(),
                            new QualityAnswer.Media(audioSend.level(), audioRecv.level(), null, null),
                            new QualityAnswer.Media(videoSend.level(), videoRecv.level(), null, null));
            return withParts;
        }
        withMeasurements = withMeasurements != null ? withMeasurements : measuredView();
        return withMeasurements;
    }

    private QualityAnswer.View measuredView() {
        double rtt = rttMillis.value();
        return new QualityAnswer.View(
                level(),
                new QualityAnswer.Media(
                        audioSend.level(),
                        audioRecv.level(),
                        audioSend.measurements(rtt, 0, ClientNetwork.UNKNOWN),
                        audioRecv.measurements(rtt, 0, ClientNetwork.UNKNOWN)),
                new QualityAnswer.Media(
                        videoSend.level(),
                        videoRecv.level(),
                        videoSend.measurements(rtt, upBps, upAvailableBps()),
                        videoRecv.measurements(rtt, downBps, demand.downAvailableBps())));
    }

    private void forgetViews() {
        levelOnly = null;
        withParts = null;
        withMeasurements = null;
    }

    /** The time after a change of layers in which one direction is not measured. */
    private static final class Settling {
        private boolean changed;
        private long changedNanos;

        void onChange(long nowNanos) {
            if (!changed || nowNanos - changedNanos >= LAYER_CHANGES_APART_NANOS) {
                changed = true;
                changedNanos = nowNanos;
            }
        }

        boolean isOn(long nowNanos) {
            return changed && nowNanos - changedNanos < SETTLING_NANOS;
        }
    }
}
