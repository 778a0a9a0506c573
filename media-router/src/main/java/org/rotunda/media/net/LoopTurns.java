package org.rotunda.media.net;

import java.util.Arrays;

/**
 * Decides whether a media node may report that it is alive: every loop must have turned since the last report. An
 * instance must have only one caller.
 *
 * <p>The numbers of turns are compared with those at the last report, and not with those at the last check. A loop that
 * waits for a CPU may make no turn between two checks, although it does not hang.
 */
final class LoopTurns {
    private long[] atBeat = {};

    /**
     * Returns whether every number has changed since the call that last returned true.
     *
     * @param turns the number of turns of each loop so far, always in the same order
     */
    boolean haveAllRisen(long[] turns) {
        if (atBeat.length == 0) {
            atBeat = new long[turns.length]; // The zeros make the result false until every loop has turned.
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
