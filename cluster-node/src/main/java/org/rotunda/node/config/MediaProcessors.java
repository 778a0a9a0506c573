package org.rotunda.node.config;

import java.util.ArrayList;
import java.util.List;

/** Compares the event loops of a media node with the processors that its process may use. */
public final class MediaProcessors {
    /** Handshakes, the collector and the cluster's beats need a processor besides a loop. */
    private static final int NEEDED = 2;

    private MediaProcessors() {}

    /**
     * Returns what an operator should hear at the start; nothing if all is well. Neither is a fault: the node works, but
     * late.
     */
    public static List<String> doubts(int loops, int processors) {
        List<String> doubts = new ArrayList<>();
        if (loops > processors) {
            doubts.add("rotunda.media.loops is " + loops + ", but this process may use " + processors
                    + " processors: loops that wait for each other forward late");
        }
        if (processors < NEEDED) {
            doubts.add("a media node needs " + NEEDED + " processors or more, this process may use " + processors
                    + ": while clients connect, media waits");
        }
        return doubts;
    }
}
