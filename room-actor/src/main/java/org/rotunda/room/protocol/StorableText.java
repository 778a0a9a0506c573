package org.rotunda.room.protocol;

/**
 * The rule for every text from outside that may reach the journal, a table or another node. The gateway refuses a text
 * that breaks this rule before the text reaches a room. Pure functions.
 */
public final class StorableText {
    /**
     * The character that a decoder writes in place of invalid UTF-8. A text with this character was damaged before it
     * came here. The gateway passes this character on in place of a name that cannot be stored.
     */
    public static final String REPLACEMENT = "\uFFFD";

    private StorableText() {}

    /**
     * Returns whether the text can be stored and comes back unchanged. UTF-8 cannot express half of a surrogate pair,
     * and PostgreSQL cannot store NUL.
     */
    public static boolean isStorable(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isHighSurrogate(c)) {
                i++;
                if (i == text.length() || !Character.isLowSurrogate(text.charAt(i))) {
                    return false;
                }
            } else if (Character.isLowSurrogate(c) || c == 0 || c == REPLACEMENT.charAt(0)) {
                return false;
            }
        }
        return true;
    }
}
