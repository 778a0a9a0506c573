package org.rotunda.load.bot.signaling;

/**
 * The reason why a session ended.
 *
 * @param code the SDK's code of the error; 0 for an end without error
 * @param reason the reason in words
 */
public record SignalingEnd(int code, String reason) {
    /** The end of a session that the client left. */
    public static final SignalingEnd LEFT = new SignalingEnd(0, "left");

    public boolean isError() {
        return code != 0;
    }
}
