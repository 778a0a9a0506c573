package org.rotunda.media.net;

import java.util.Arrays;

/**
 * Decides whether a media node may report that it is alive: every loop must have turned since the last report. An
 * instance may have only one caller.
 *
 * <p>The comparison is with the last report and not with the last call, because loops that wait for the CPU turn at
 * different times although they do not hang.
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
