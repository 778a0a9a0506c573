package org.rotunda.media.tap;

/**
 * What a media node says of a tap before its media.
 *
 * @param tap the number of the tap on its link
 * @param generation rises whenever the numbers of the stream begin anew
 * @param recordingHigh the first eight bytes of the recording's SID
 * @param recordingLow the last eight bytes
 * @param kind 0 for audio, 1 for video
 * @param codec the number of the codec
 */
public record TapOpen(
        int tap, int generation, long recordingHigh, long recordingLow, int kind, int codec, int clockRateHz) {}
