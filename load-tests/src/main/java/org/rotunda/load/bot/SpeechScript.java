package org.rotunda.load.bot;

import java.time.Duration;

/**
 * Decides when a bot speaks. All times are measured from the start of the fleet, so that bots of one fleet can take
 * turns. Silence is sent with DTX, as the SDK's publishers do, unless {@link #isDtx} says otherwise.
 */
public interface SpeechScript {
    /** Returns whether the bot speaks at this time. Called for each 20 ms of audio. */
    boolean isSpeaking(long sinceFleetStartNanos);

    /**
     * Returns whether silence is reduced to a packet every 400 ms; without DTX silence has as many packets as speech.
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

    /** Returns a script of silence without DTX: 50 packets/s at level 127 from a participant who says nothing. */
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
     * Returns a script in which {@code speakers} bots speak one after the other, each for {@code turn}. {@code index}
     * is the place of this bot in the sequence.
     */
    static SpeechScript turns(int index, int speakers, Duration turn) {
        long turnNanos = turn.toNanos();
        return since -> since / turnNanos % speakers == index;
    }
}
