package org.rotunda.gateway.auth;

import org.jspecify.annotations.Nullable;

/** The faults of a name. Identities of participants and names of rooms follow the same rules. */
public enum NameFault {
    EMPTY,
    TOO_LONG,
    /** The name has a character that valid UTF-8 cannot express or that the database cannot store. */
    CHARS;

    /** The greatest length of a name in UTF-16 units, as JavaScript counts them. */
    private static final int LENGTH_MAX = 128;

    /** The character that a decoder writes in place of invalid UTF-8. */
    private static final char REPLACEMENT = '\uFFFD';

    /** Returns the fault of a name, or null if it has none. */
    public static @Nullable NameFault of(String name) {
        if (name.isEmpty()) {
            return EMPTY;
        }
        if (name.length() > LENGTH_MAX) {
            return TOO_LONG;
        }
        return isText(name) ? null : CHARS;
    }

    private static boolean isText(String name) {
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (Character.isHighSurrogate(c)) {
                i++;
                if (i == name.length() || !Character.isLowSurrogate(name.charAt(i))) {
                    return false;
                }
            } else if (Character.isLowSurrogate(c) || c == REPLACEMENT || c == 0) {
                return false; // PostgreSQL cannot store NUL in a text.
            }
        }
        return true;
    }
}
