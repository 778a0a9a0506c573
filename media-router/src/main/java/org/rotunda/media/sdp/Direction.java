package org.rotunda.media.sdp;

/** The direction attribute of an m-line, as seen by the author of the description (RFC 8866 §6.7). */
public enum Direction {
    SENDRECV("sendrecv", true, true),
    SENDONLY("sendonly", true, false),
    RECVONLY("recvonly", false, true),
    INACTIVE("inactive", false, false);

    private final String word;
    private final boolean sends;
    private final boolean receives;

    Direction(String word, boolean sends, boolean receives) {
        this.word = word;
        this.sends = sends;
        this.receives = receives;
    }

    public String word() {
        return word;
    }

    public boolean sends() {
        return sends;
    }

    public boolean receives() {
        return receives;
    }

    static Direction of(boolean sends, boolean receives) {
        if (sends) {
            return receives ? SENDRECV : SENDONLY;
        }
        return receives ? RECVONLY : INACTIVE;
    }
}
