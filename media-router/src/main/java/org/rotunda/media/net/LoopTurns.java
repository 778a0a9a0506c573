package org.rotunda.media.net;

import java.util.Arrays;

/**
 * Whether loops get on: the condition for a media node's beat. Pure; one caller.
 *
 * <p>Each loop must have turned since the last beat and not since the last look: of loops that wait for cores now one turns, now
 * another, and none of them hangs.
 */
final class LoopTurns {
    private long[] atBeat = {};

    /** @param turns of each loop so far, always of the same loops */
    boolean haveAllRisen(long[] turns) {
        if (atBeat.length == 0) {
            atBeat = new long[turns.length]; // Whoever never turned does not beat.
        }
        for (int i = 0; i < turns.length; i++) {
            if (turns[i] == atBeat[i]) {
                return false;
            }
        }
        atBeat = Arrays.copyOf(turns, turns.length);
        return true;
    }
}
