package org.rotunda.load.bot;

import java.time.Duration;

/**
 * Decides when a bot speaks. All times are measured from the start of the fleet, so that the bots of a fleet can take
 * turns.
 */
public interface SpeechScript {
    /** Returns whether the bot speaks at this time. Called for each 20 ms of audio. */
    boolean isSpeaking(long sinceFleetStartNanos);

    /**
     * Returns whether silence is sent with DTX, that is one packet every 400 ms. Without DTX silence has as many
     * packets as speech.
     */
    default boolean isDtx() {
        return true;
    }

    static SpeechScript always() {
        return since -> true;
    }

    static SpeechScript never() {
        return since -> false;
    }

    /**
     * Returns a script for a participant who never speaks and does not use DTX. The bot sends 50 packets/s with the
     * audio level of silence (127, RFC 6464).
     */
    static SpeechScript openMicrophone() {
        return new SpeechScript() {
            @Override
            public boolean isSpeaking(long sinceFleetStartNanos) {
                return false;
            }

            @Override
            public boolean isDtx() {
                return false;
            }
        };
    }

    /**
     * Returns a script for one of {@code speakers} bots that speak one after the other, each for {@code turn}. {@code
     * index} is the position of the bot and begins with 0.
     */
    static SpeechScript turns(int index, int speakers, Duration turn) {
        long turnNanos = turn.toNanos();
        return since -> since / turnNanos % speakers == index;
    }
}
