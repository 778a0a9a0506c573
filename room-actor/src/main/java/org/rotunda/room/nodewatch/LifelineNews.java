package org.rotunda.room.nodewatch;

/** The fate of an attempt to connect a lifeline, from its {@link LifelineSocket} to the {@link NodeWatch}. */
record LifelineNews(Lifelines.Attempt attempt, Fate fate) implements NodeWatch.Command {
    enum Fate {
        CONNECTED,
        /** The other side has ended the open connection. */
        CLOSED,
        REFUSED,
        /** Nothing that says anything about the process: no route, no such name, or a port of something else. */
        FAILED
    }
}
