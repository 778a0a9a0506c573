package org.rotunda.gateway.limit;

import org.jspecify.annotations.Nullable;

/** The common rule for names of rooms and identities of participants. */
public final class Names {
    /** In UTF-16 units, as JavaScript counts them. */
    public static final int LENGTH_MAX = 128;

    /** What decoders put in place of bytes that are no UTF-8. */
    private static final char REPLACEMENT = '\uFFFD';

    private Names() {}

    /** What is wrong with the name, or null. */
    public static @Nullable NameFault faultOf(String name) {
        if (name.isEmpty()) {
            return NameFault.EMPTY;
        }
        if (name.length() > LENGTH_MAX) {
            return NameFault.TOO_LONG;
        }
        return isText(name) ? null : NameFault.CHARS;
    }

    /** Whether every character could have come from valid UTF-8 and a database can keep it. */
    private static boolean isText(String name) {
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (Character.isHighSurrogate(c)) {
                i++;
                if (i == name.length() || !Character.isLowSurrogate(name.charAt(i))) {
                    return false;
                }
            } else if (Character.isLowSurrogate(c) || c == REPLACEMENT || c == 0) {
                return false; // PostgreSQL keeps no NUL.
            }
        }
        return true;
    }
}
