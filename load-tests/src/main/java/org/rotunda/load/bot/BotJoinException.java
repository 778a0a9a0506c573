package org.rotunda.load.bot;

import org.rotunda.load.bot.signaling.SignalingEnd;

/** The failure of a bot to join its room. */
public final class BotJoinException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient SignalingEnd end;

    BotJoinException(String identity, SignalingEnd end) {
        super(identity + " did not join: " + end.reason() + " (" + end.code() + ")");
        this.end = end;
    }

    public SignalingEnd end() {
        return end;
    }
}
