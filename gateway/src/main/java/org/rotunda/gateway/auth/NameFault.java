package org.rotunda.gateway.auth;

import org.jspecify.annotations.Nullable;
import org.rotunda.room.protocol.StorableText;

/** The faults of a name. Identities of participants and names of rooms follow the same rules. */
public enum NameFault {
    EMPTY,
    TOO_LONG,
    /** The name breaks the rule of {@link StorableText} for characters. */
    CHARS;

    /** The greatest length of a name in UTF-16 units, as JavaScript counts them. */
    private static final int LENGTH_MAX = 128;

    /** Returns the fault of a name, or null if it has none. */
    public static @Nullable NameFault of(String name) {
        if (name.isEmpty()) {
            return EMPTY;
        }
        if (name.length() > LENGTH_MAX) {
            return TOO_LONG;
        }
        return StorableText.isStorable(name) ? null : CHARS;
    }
}
