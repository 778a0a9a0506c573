package org.rotunda.record.plan;

/**
 * A recording in a cell, from one frame of the composition to another.
 *
 * @param box the cell in pixels
 * @param offsetMs the room time at which the output begins, as this recording has it
 * @param firstFrame the first frame of the composition that shows it
 * @param endFrame the first frame that shows it no more
 */
public record Picture(
        String region,
        int cell,
        Box box,
        String trackSid,
        String recordingSid,
        long offsetMs,
        long firstFrame,
        long endFrame) {
    boolean isSeenIn(long fromFrame, long toFrame) {
        return firstFrame < toFrame && endFrame > fromFrame;
    }
}
