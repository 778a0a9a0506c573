package org.rotunda.media.sdp;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The payload types and extension ids from the client's first m-line of each kind. Our offers use the same numbers,
 * because a number must not have two meanings in a bundle.
 */
final class CodecTable {
    private final Map<MediaKind, List<CodecPayload>> payloads = new EnumMap<>(MediaKind.class);
    private final Map<MediaKind, Map<HeaderExtension, Integer>> extensions = new EnumMap<>(MediaKind.class);

    /**
     * Stores the payload types and extension ids of an m-line, if it is the first of its kind with a codec that we
     * support.
     */
    void adopt(MediaKind kind, RemoteMedia media) {
        if (!media.payloads().isEmpty() && !payloads.containsKey(kind)) {
            Map<HeaderExtension, Integer> ids = new HashMap<>(media.extensions());
            ids.keySet().removeIf(HeaderExtension::isOfRid); // Each line has its own ids for RIDs.
            put(kind, media.payloads(), ids);
        }
    }

    void put(MediaKind kind, List<CodecPayload> codecs, Map<HeaderExtension, Integer> ids) {
        payloads.put(kind, List.copyOf(codecs));
        extensions.put(kind, Map.copyOf(ids));
    }

    boolean has(MediaKind kind) {
        return payloads.containsKey(kind);
    }

    List<CodecPayload> payloads(MediaKind kind) {
        return payloads.getOrDefault(kind, List.of());
    }

    List<CodecPayload> payloads() {
        List<CodecPayload> all = new ArrayList<>();
        payloads.values().forEach(all::addAll);
        return all;
    }

    Map<HeaderExtension, Integer> extensions(MediaKind kind) {
        return extensions.getOrDefault(kind, Map.of());
    }
}
