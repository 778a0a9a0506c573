package org.rotunda.record.plan;

/**
 * What an operator chooses for all compositions.
 *
 * @param framesPerSecond frames of the picture in a second
 * @param pieceSeconds the length of a piece, which is what a killed composer loses at most
 */
public record PlanSettings(int framesPerSecond, int pieceSeconds) {
    public static final PlanSettings DEFAULT = new PlanSettings(25, 300);

    public PlanSettings {
        if (framesPerSecond < 1 || framesPerSecond > 60) {
            throw new IllegalArgumentException("The frame rate must be from 1 to 60: " + framesPerSecond);
        }
        if (pieceSeconds < 1 || pieceSeconds > 3_600) {
            throw new IllegalArgumentException("A piece must be 1 to 3600 seconds long: " + pieceSeconds);
        }
    }
}
