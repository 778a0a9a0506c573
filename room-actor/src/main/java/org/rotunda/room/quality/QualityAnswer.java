package org.rotunda.room.quality;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The answer to a client's message on the {@code network_quality} channel.
 *
 * @param local the quality of the client's own network
 * @param remotes the quality of the networks of other participants; null if the client does not want them. The client
 *     replaces its list by this one, so the list is sent even if it is empty
 */
public record QualityAnswer(View local, @Nullable List<Remote> remotes) {
    /** The verbosity with the level only. */
    public static final int LEVEL_ONLY = 1;

    /** The verbosity that adds the levels of audio and video in each direction. */
    public static final int WITH_PARTS = 2;

    /** The verbosity that adds the measurements. */
    public static final int WITH_MEASUREMENTS = 3;

    public QualityAnswer {
        remotes = remotes == null ? null : List.copyOf(remotes);
    }

    /** The quality of one participant. */
    public interface Source {
        String participantSid();

        QualityMeter meter();
    }

    /**
     * Returns the answer for a client.
     *
     * @param localVerbosity the client's {@code reportLevel}; other values than 1 to 3 count as the nearest one
     * @param remoteVerbosity the client's {@code remoteReportLevel}: 0 to 3
     * @param others the other participants that the client may see
     */
    public static QualityAnswer of(
            QualityMeter own, int localVerbosity, List<? extends Source> others, int remoteVerbosity) {
        View local = own.view(Math.max(LEVEL_ONLY, localVerbosity));
        if (remoteVerbosity < LEVEL_ONLY) {
            return new QualityAnswer(local, null);
        }
        List<Remote> remotes = new ArrayList<>(others.size());
        for (Source each : others) {
            remotes.add(new Remote(each.participantSid(), each.meter().view(remoteVerbosity)));
        }
        return new QualityAnswer(local, remotes);
    }

    /**
     * The quality of one participant's network.
     *
     * @param level from 5 to 1, the lowest of the four levels
     * @param audio null at verbosity 1
     * @param video null at verbosity 1
     */
    public record View(
            int level, @Nullable Media audio, @Nullable Media video) {}

    /** The quality of another participant's network. */
    public record Remote(String participantSid, View view) {}

    /**
     * The levels of audio or of video.
     *
     * @param send the level of what the participant sends
     * @param recv the level of what the participant receives
     * @param sendStats null below verbosity 3
     * @param recvStats null below verbosity 3
     */
    public record Media(
            int send,
            int recv,
            @Nullable Measurements sendStats,
            @Nullable Measurements recvStats) {}

    /**
     * The smoothed measurements of one kind of media in one direction.
     *
     * @param bandwidth null for audio, which is never short of bandwidth on its own
     */
    public record Measurements(@Nullable Bandwidth bandwidth, FractionLost fractionLost, Latency latency) {}

    /**
     * The bandwidth of video.
     *
     * @param actualBps the bit rate of the connection in this direction; 0 without video
     * @param availableBps null while unknown
     */
    public record Bandwidth(long actualBps, @Nullable Long availableBps, int level) {}

    /** The share of lost packets, from 0 to 1. */
    public record FractionLost(double fractionLost, int level) {}

    /** The interarrival jitter and the round-trip time, both in seconds; the lower of their levels. */
    public record Latency(double jitterSeconds, double rttSeconds, int level) {}
}
