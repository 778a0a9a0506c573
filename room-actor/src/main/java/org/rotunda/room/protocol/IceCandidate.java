package org.rotunda.room.protocol;

import org.jspecify.annotations.Nullable;

/**
 * An ICE candidate as a browser writes it. The room passes candidates on and does not read them.
 *
 * @param candidate the text of the candidate; browsers write an empty text after the last candidate
 * @param lineIndex the index of the m-line; {@value #NO_LINE} if the client names none
 * @param usernameFragment the ufrag of the candidate; null if the client names none
 */
public record IceCandidate(
        String candidate,
        @Nullable String mid,
        int lineIndex,
        @Nullable String usernameFragment) {
    public static final int NO_LINE = -1;

    // The other components and the framing of one candidate in a message between nodes.
    private static final int OVERHEAD_BYTES = 64;

    /** Returns an upper bound of the bytes that this candidate takes in a message between nodes. */
    public int chargedBytes() {
        return OVERHEAD_BYTES + bytes(candidate) + bytes(mid) + bytes(usernameFragment);
    }

    private static int bytes(@Nullable String text) {
        return text == null ? 0 : ClientLimits.utf8Length(text);
    }
}
