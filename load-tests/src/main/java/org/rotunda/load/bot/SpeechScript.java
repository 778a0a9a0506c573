package org.rotunda.load.bot;

import java.time.Duration;

/**
 * When a bot speaks. Time counts from the start of the fleet, so that bots of one fleet take turns. Silence is sent as an encoder with
 * DTX does it, which is what the SDK's publishers do, unless the script says otherwise.
 */
public interface SpeechScript {
    /** Whether it speaks at this time. Called for each 20 ms of sound. */
    boolean isSpeaking(long sinceFleetStartNanos);

    /** Whether silence is cut down to a packet each 400 ms; otherwise it costs as much as speech. */
    default boolean isDtx() {
        return true;
    }

    static SpeechScript always() {
        return since -> true;
    }

    static SpeechScript never() {
        return since -> false;
    }

    /** Silence that is sent in full, at level 127: 50 packets/s of somebody who says nothing, without DTX. */
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

    /** One after the other: the bot of this index among {@code speakers} has the word for {@code turn}. */
    static SpeechScript turns(int index, int speakers, Duration turn) {
        long turnNanos = turn.toNanos();
        return since -> since / turnNanos % speakers == index;
    }
}
