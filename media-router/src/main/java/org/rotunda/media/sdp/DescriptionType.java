package org.rotunda.media.sdp;

import org.jspecify.annotations.Nullable;

/** The type of a description in signaling; the last two carry no SDP. */
public enum DescriptionType {
    OFFER("offer"),
    ANSWER("answer"),
    CREATE_OFFER("create-offer"),
    CLOSE("close");

    private final String word;

    DescriptionType(String word) {
        this.word = word;
    }

    /** The word on the wire. */
    public String word() {
        return word;
    }

    /** The type of that word, null for an unknown one. */
    public static @Nullable DescriptionType of(String word) {
        for (DescriptionType type : values()) {
            if (type.word.equals(word)) {
                return type;
            }
        }
        return null;
    }
}
