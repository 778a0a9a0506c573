package org.rotunda.media.net;

import java.util.Arrays;

/**
 * Decides whether all loops have turned, which is the condition for a media node's beat. Only one caller may use an
 * instance.
 *
 * <p>Each loop must have turned since the last beat, not since the last call: loops that wait for the CPU turn at
 * different times, although they do not hang.
 */
final class LoopTurns {
    private long[] atBeat = {};

    /** @param turns the turns of each loop so far; every call passes the same loops */
    boolean haveAllRisen(long[] turns) {
        if (atBeat.length == 0) {
            atBeat = new long[turns.length]; // A loop that has never turned prevents the beat.
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
