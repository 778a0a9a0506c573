package org.rotunda.room.signal;

import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.rotunda.room.protocol.ParticipantSid;
import org.rotunda.room.protocol.TrackSid;
import org.rotunda.room.quality.QualityAnswer;

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

    /** The answer to one {@link ClientSignal.QualityAsked}. */
    record NetworkQuality(QualityAnswer answer) implements ServerSignal {
        @Override
        public SignalChannel channel() {
            return SignalChannel.NETWORK_QUALITY;
        }
    }

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
