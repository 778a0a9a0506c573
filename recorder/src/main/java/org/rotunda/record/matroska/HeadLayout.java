package org.rotunda.record.matroska;

/**
 * Where the parts of a head stand, in bytes from the start of the file. What is patched at the end of a file is found
 * by these.
 *
 * @param segmentSize the eight bytes of the segment's size
 * @param data the first byte after the segment's size; positions in SeekHead and Cues count from there
 * @param seekHead the place that is kept for SeekHead, at {@code data}
 * @param info the element Info
 * @param duration the place that is kept for Duration
 * @param tracks the element Tracks
 * @param tags the element Tags
 * @param end the first byte after the head
 */
record HeadLayout(
        long segmentSize, long data, long seekHead, long info, long duration, long tracks, long tags, long end) {}
