package org.rotunda.record.layout;

import java.util.Locale;

/** What a region does with a cell whose source has ended, and with a source for which no cell is free. */
public enum Reuse {
    /** A cell shows one source in the whole composition. A source that finds no fresh cell is not shown. */
    NONE,

    /** A cell is used again when its source has ended. A source that finds no free cell waits for one. */
    SHOW_OLDEST,

    /** As {@link #SHOW_OLDEST}, but a source that finds no free cell replaces the one whose media ends first. */
    SHOW_NEWEST;

    /** Returns the policy's name in the REST API. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
