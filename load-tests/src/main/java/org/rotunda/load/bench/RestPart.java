package org.rotunda.load.bench;

/** The parts of the REST bench, in the order in which they run. */
enum RestPart {
    /** Rooms are created. */
    CREATES,
    /** Completed rooms are listed. */
    LISTS,
    /** Status callbacks are delivered. */
    CALLBACKS
}
