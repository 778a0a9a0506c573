package org.rotunda.media.sdp;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.rotunda.media.codec.Codec;

/** The client's side of an audio or video m-line, limited to codecs and extensions that we support. */
record RemoteMedia(
        Direction direction,
        @Nullable String trackId,
        List<MediaPlan.Encoding> encodings,
        List<CodecPayload> payloads,
        Map<HeaderExtension, Integer> extensions) {

    static final RemoteMedia NONE = new RemoteMedia(Direction.INACTIVE, null, List.of(), List.of(), Map.of());

    static RemoteMedia read(MediaSection section, LocalParameters local) {
        List<CodecPayload> payloads = RemotePayloads.read(section, local);
        Direction direction = section.isRejected() ? Direction.INACTIVE : section.direction();
        // An m-line keeps its msid and SSRCs when the client stops sending, so only the direction tells whether it
        // sends.
        return direction.sends()
                ? new RemoteMedia(
                        direction,
                        RemoteStreams.trackId(section),
                        RemoteStreams.encodings(section, isSimulcastKept(payloads)),
                        payloads,
                        extensions(section))
                : new RemoteMedia(direction, null, List.of(), payloads, extensions(section));
    }

    /** Returns whether the SDK keeps simulcast. The SDK changes to one SSRC if the answer has no VP8. */
    private static boolean isSimulcastKept(List<CodecPayload> payloads) {
        return payloads.stream().anyMatch(payload -> payload.codec() == Codec.VP8);
    }

    private static Map<HeaderExtension, Integer> extensions(MediaSection section) {
        Map<HeaderExtension, Integer> ids = new EnumMap<>(HeaderExtension.class);
        for (String value : section.attributes("extmap")) {
            List<String> words = SdpParser.words(value);
            if (words.size() < 2) {
                continue;
            }
            String first = words.get(0);
            int slash = first.indexOf('/'); // A direction may follow the id (RFC 8285 §8).
            long id = SdpParser.number(slash < 0 ? first : first.substring(0, slash), HeaderExtension.ID_MAX);
            HeaderExtension extension = HeaderExtension.of(words.get(1));
            if (id >= 1 && extension != null && extension.isFor(section.kind()) && !ids.containsValue((int) id)) {
                ids.putIfAbsent(extension, (int) id);
            }
        }
        return ids;
    }
}
