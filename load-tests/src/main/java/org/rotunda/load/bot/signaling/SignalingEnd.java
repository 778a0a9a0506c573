package org.rotunda.load.bot.signaling;

/**
 * How a session ended.
 *
 * @param code of the error, as the SDK would name it; 0 for none
 * @param reason in words
 */
public record SignalingEnd(int code, String reason) {
    /** The client left. */
    public static final SignalingEnd LEFT = new SignalingEnd(0, "left");

    public boolean isError() {
        return code != 0;
    }
}
