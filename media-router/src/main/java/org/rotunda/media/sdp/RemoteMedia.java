package org.rotunda.media.sdp;

import java.util.ArrayList;
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
        if (!direction.sends()) {
            // The msid and SSRCs are not read here, because an m-line keeps them when the client stops sending.
            return new RemoteMedia(direction, null, List.of(), payloads, extensions(section, false));
        }
        boolean simulcast = isSimulcastKept(payloads);
        List<MediaPlan.Encoding> encodings = RemoteStreams.encodings(section, simulcast);
        List<String> rids = encodings.isEmpty() ? RemoteStreams.rids(section) : List.of();
        Map<HeaderExtension, Integer> extensions = extensions(section, !rids.isEmpty());
        if (encodings.isEmpty() && extensions.containsKey(HeaderExtension.MID)) {
            encodings = announced(rids, simulcast);
        }
        return new RemoteMedia(direction, RemoteStreams.trackId(section), encodings, payloads, extensions);
    }

    /**
     * Returns the encodings of a line without SSRCs. The packets of such a line carry the MID, and the RID if the
     * encoding has one.
     */
    private static List<MediaPlan.Encoding> announced(List<String> rids, boolean simulcast) {
        return rids.isEmpty()
                ? List.of(MediaPlan.Encoding.announced(""))
                : rids.stream()
                        .limit(simulcast ? RemoteStreams.ENCODINGS_MAX : 1)
                        .map(MediaPlan.Encoding::announced)
                        .toList();
    }

    /**
     * Returns this content with the SSRCs that packets have given to encodings announced by MID.
     *
     * @param bound the encodings with SSRCs, by RID
     */
    RemoteMedia withBound(Map<String, MediaPlan.Encoding> bound) {
        return bound.isEmpty() || encodings.stream().noneMatch(encoding -> encoding.rid() != null)
                ? this
                : new RemoteMedia(
                        direction,
                        trackId,
                        encodings.stream()
                                .map(encoding -> {
                                    String rid = encoding.rid();
                                    return rid == null ? encoding : bound.getOrDefault(rid, encoding);
                                })
                                .toList(),
                        payloads,
                        extensions);
    }

    /** Returns the RIDs of the encodings; the list is empty if they have none. */
    List<String> rids() {
        List<String> rids = new ArrayList<>();
        for (MediaPlan.Encoding encoding : encodings) {
            String rid = encoding.rid();
            if (rid != null && !rid.isEmpty()) {
                rids.add(rid);
            }
        }
        return rids;
    }

    /**
     * Returns whether the SDK keeps simulcast if our answer has these codecs. Without VP8 the SDK changes to one SSRC.
     */
    private static boolean isSimulcastKept(List<CodecPayload> payloads) {
        return payloads.stream().anyMatch(payload -> payload.codec() == Codec.VP8);
    }

    private static Map<HeaderExtension, Integer> extensions(MediaSection section, boolean withRids) {
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
            boolean isWanted =
                    extension != null && extension.isFor(section.kind()) && (withRids || !extension.isOfRid());
            if (id >= 1 && extension != null && isWanted && !ids.containsValue((int) id)) {
                ids.putIfAbsent(extension, (int) id);
            }
        }
        return ids;
    }
}
