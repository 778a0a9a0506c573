package org.rotunda.record.take;

import java.util.Map;
import org.rotunda.media.codec.Codec;

/**
 * What is recorded.
 *
 * @param recordingSid the SID of the recording
 * @param trackName the name that the file gives the track
 * @param channels the number of channels that the SDP said, for audio
 * @param roomStartUnixMs the start of the room, from which all timestamps count, in milliseconds since 1970
 * @param tags the tags of the file
 */
public record TakeSource(
        String recordingSid,
        String trackName,
        Codec codec,
        int channels,
        long roomStartUnixMs,
        Map<String, String> tags) {
    public TakeSource {
        tags = Map.copyOf(tags);
    }
}
