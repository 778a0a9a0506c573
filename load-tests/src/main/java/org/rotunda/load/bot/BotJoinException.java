package org.rotunda.load.bot;

import org.rotunda.load.bot.signaling.SignalingEnd;

/** A bot that did not get in. */
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
