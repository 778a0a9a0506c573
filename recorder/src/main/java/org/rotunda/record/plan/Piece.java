package org.rotunda.record.plan;

/** A stretch of the picture that is rendered by one process: the frames from the first one up to the end, without it. */
public record Piece(long firstFrame, long endFrame) {
    public long frames() {
        return endFrame - firstFrame;
    }
}
