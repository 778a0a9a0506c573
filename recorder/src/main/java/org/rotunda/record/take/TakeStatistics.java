package org.rotunda.record.take;

/**
 * What a take has counted so far.
 *
 * @param duplicates packets that came twice or too late
 * @param missing packets that never came
 * @param droppedFrames frames and packets that came but are not in the file, for any reason
 * @param holes stretches of audio without packets
 * @param holeMs their length
 * @param filledMs how much of it was filled
 * @param steps corrections of the time by reports
 * @param resets jumps of timestamps and stalls of the capture
 * @param keyFrameWaitMs the time in which frames were dropped until a key frame came, in all
 * @param longestWaitMs the longest such time
 * @param startMs the timestamp of the first frame, or -1
 * @param endMs the end of the last frame, or -1
 */
public record TakeStatistics(
        long packets,
        long duplicates,
        long missing,
        long frames,
        long keyFrames,
        long droppedFrames,
        long holes,
        long holeMs,
        long filledMs,
        long steps,
        long resets,
        long keyFrameWaitMs,
        long longestWaitMs,
        long startMs,
        long endMs,
        long fileBytes) {}
