package org.rotunda.room.signal;

import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.rotunda.room.protocol.ParticipantSid;
import org.rotunda.room.protocol.TrackSid;

/** A message to a client on a media-signaling channel. */
public sealed interface ServerSignal {

    /** The channel that carries the message. */
    SignalChannel channel();

    /** @param participant who of the others speaks; null for nobody */
    record ActiveSpeaker(@Nullable ParticipantSid participant) implements ServerSignal {
        @Override
        public SignalChannel channel() {
            return SignalChannel.ACTIVE_SPEAKER;
        }
    }

    /**
     * The answer to one {@link ClientSignal.QualityAsked}.
     *
     * @param remotes the qualities of the others, which replace the earlier ones; null if the client has not asked for
     *     them
     */
    record NetworkQuality(Quality local, @Nullable List<RemoteQuality> remotes) implements ServerSignal {
        @Override
        public SignalChannel channel() {
            return SignalChannel.NETWORK_QUALITY;
        }
    }

    /**
     * The quality of one client's network. Levels are from 1 (bad) to 5 (good).
     *
     * @param audio null if the client wants no details
     * @param video null exactly if {@code audio} is null
     */
    record Quality(
            int level,
            @Nullable MediaQuality audio,
            @Nullable MediaQuality video) {
        public Quality {
            if ((audio == null) != (video == null)) {
                throw new IllegalArgumentException("details of one kind of media only");
            }
        }
    }

    /**
     * The quality for one kind of media.
     *
     * @param send the level of the client's uplink
     * @param recv the level of its downlink
     * @param sendStats the measurements behind {@code send}; null if the client does not want them
     * @param recvStats the measurements behind {@code recv}; null exactly if {@code sendStats} is null
     */
    record MediaQuality(
            int send,
            int recv,
            @Nullable DirectionStats sendStats,
            @Nullable DirectionStats recvStats) {
        public MediaQuality {
            if ((sendStats == null) != (recvStats == null)) {
                throw new IllegalArgumentException("measurements of one direction only");
            }
        }
    }

    /**
     * Measurements of one direction, each with the level that follows from it.
     *
     * @param actualBps the bit rate in bit/s
     * @param availableBps the bit rate that the network allows, in bit/s
     * @param fractionLost from 0 to 1
     */
    record DirectionStats(
            double actualBps,
            double availableBps,
            int bandwidthLevel,
            double fractionLost,
            int lossLevel,
            double jitterSeconds,
            double rttSeconds,
            int latencyLevel) {}

    /** The quality of another participant's network. */
    record RemoteQuality(ParticipantSid participant, Quality quality) {}

    /** Tells which video tracks are now off or on. No track is in both lists, because the client would take it as off. */
    record TrackSwitchOff(List<TrackSid> off, List<TrackSid> on) implements ServerSignal {
        public TrackSwitchOff {
            off = List.copyOf(off);
            on = List.copyOf(on);
            if (!Collections.disjoint(off, on)) {
                throw new IllegalArgumentException("off and on at once: " + off + ", " + on);
            }
        }

        @Override
        public SignalChannel channel() {
            return SignalChannel.TRACK_SWITCH_OFF;
        }
    }

    /** The answer to {@link ClientSignal.RenderHints} with the same id. */
    record RenderHintsTaken(long id, List<TrackResult> results) implements ServerSignal {
        public RenderHintsTaken {
            results = List.copyOf(results);
        }

        @Override
        public SignalChannel channel() {
            return SignalChannel.RENDER_HINTS;
        }
    }

    /**
     * Tells a publisher which encodings to send.
     *
     * @param id at least 1, because clients ignore a message with the id 0
     */
    record PublisherHints(long id, List<PublisherHint> hints) implements ServerSignal {
        public PublisherHints {
            hints = List.copyOf(hints);
            if (id < 1) {
                throw new IllegalArgumentException("the client would ignore id " + id);
            }
        }

        @Override
        public SignalChannel channel() {
            return SignalChannel.PUBLISHER_HINTS;
        }
    }

    /**
     * The hint for one track.
     *
     * @param layers how many encodings to send, counted from the lowest
     * @param of how many encodings the hint is about; those above keep their state
     */
    record PublisherHint(TrackSid track, int layers, int of) {
        public PublisherHint {
            if (layers < 0 || layers > of) {
                throw new IllegalArgumentException(layers + " encodings of " + of);
            }
        }
    }
}
