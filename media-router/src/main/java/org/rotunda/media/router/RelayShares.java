package org.rotunda.media.router;

/** The parts that one publisher has of the queues to the other event loops. Owned by the publisher's loop. */
final class RelayShares {
    private static final RelayShare[] NONE = {};

    private final int loops;
    private RelayShare[] media = NONE;
    private RelayShare[] data = NONE;

    RelayShares(int loops) {
        this.loops = loops;
    }

    /** Returns the part for packets of audio and video to that loop. */
    RelayShare media(int loop) {
        if (media.length == 0) {
            media = make();
        }
        return media[loop];
    }

    /** Returns the part for messages of data tracks, so that video costs no message. */
    RelayShare data(int loop) {
        if (data.length == 0) {
            data = make();
        }
        return data[loop];
    }

    private RelayShare[] make() {
        RelayShare[] shares = new RelayShare[loops];
        for (int i = 0; i < loops; i++) {
            shares[i] = new RelayShare();
        }
        return shares;
    }
}
