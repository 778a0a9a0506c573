package org.rotunda.media.sdp;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.rotunda.media.codec.Codec;

/** Converts the state of a negotiation to a {@link NegotiationTable} and back. */
final class NegotiationTables {
    private NegotiationTables() {}

    static List<NegotiationTable.Line> lines(MLineTable table) {
        List<NegotiationTable.Line> lines = new ArrayList<>();
        for (MLine line : table.lines()) {
            RemoteMedia remote = line.remote;
            lines.add(new NegotiationTable.Line(
                    line.mid,
                    line.kind.word(),
                    line.rejected,
                    line.draining,
                    track(line.track),
                    remote.direction().word(),
                    remote.trackId(),
                    remote.encodings().stream().map(MediaPlan.Encoding::ssrc).toList(),
                    remote.encodings().stream().map(MediaPlan.Encoding::rtxSsrc).toList(),
                    payloads(remote.payloads()),
                    extensions(remote.extensions()),
                    line.sctpPort,
                    line.maxMessageSizeBytes,
                    rids(remote.encodings()),
                    line.kept == null ? List.of() : line.kept.formats(),
                    line.kept == null ? List.of() : line.kept.attributes()));
        }
        return lines;
    }

    static List<NegotiationTable.Payload> payloads(List<CodecPayload> payloads) {
        return payloads.stream()
                .map(payload -> new NegotiationTable.Payload(
                        payload.codec().name(),
                        payload.payloadType(),
                        payload.rtxPayloadType(),
                        payload.feedback().stream().sorted().toList()))
                .toList();
    }

    static Map<String, Map<String, Integer>> extensions(CodecTable codecs) {
        Map<String, Map<String, Integer>> extensions = new HashMap<>();
        for (MediaKind kind : MediaKind.values()) {
            if (codecs.has(kind)) {
                extensions.put(kind.word(), extensions(codecs.extensions(kind)));
            }
        }
        return extensions;
    }

    static void restore(NegotiationTable from, MLineTable table, CodecTable codecs) {
        from.extensions().forEach((word, ids) -> {
            MediaKind kind = MediaKind.of(word);
            List<CodecPayload> payloads = codecPayloads(from.payloads()).stream()
                    .filter(payload -> MediaKind.of(payload.codec()) == kind)
                    .toList();
            codecs.put(kind, payloads, headerExtensions(ids));
        });
        from.lines().forEach(line -> table.add(line(line)));
    }

    private static MLine line(NegotiationTable.Line from) {
        MLine line = new MLine(from.mid(), MediaKind.of(from.kind()));
        NegotiationTable.Track track = from.track();
        line.rejected = from.rejected();
        line.draining = from.draining();
        line.track = track == null
                ? null
                : new OutgoingTrack(
                        track.trackId(), track.streamId(), line.kind, track.ssrc(), track.rtxSsrc(), track.cname());
        line.sctpPort = from.sctpPort();
        line.maxMessageSizeBytes = from.maxMessageSizeBytes();
        line.kept = from.keptFormats().isEmpty() ? null : new KeptLine(from.keptFormats(), from.keptAttributes());
        List<MediaPlan.Encoding> encodings = new ArrayList<>();
        for (int i = 0; i < from.clientSsrcs().size(); i++) {
            MediaPlan.Encoding encoding = new MediaPlan.Encoding(
                    from.clientSsrcs().get(i),
                    from.clientRtxSsrcs().get(i),
                    i < from.clientRids().size() ? from.clientRids().get(i) : null);
            encodings.add(encoding);
            if (encoding.rid() != null && encoding.hasSsrc()) {
                line.bound.put(encoding.rid(), encoding);
            }
        }
        line.remote = new RemoteMedia(
                direction(from.clientDirection()),
                from.clientTrackId(),
                encodings,
                codecPayloads(from.payloads()),
                headerExtensions(from.extensions()));
        return line;
    }

    private static List<String> rids(List<MediaPlan.Encoding> encodings) {
        List<String> rids = new ArrayList<>();
        for (MediaPlan.Encoding encoding : encodings) {
            String rid = encoding.rid();
            if (rid != null) {
                rids.add(rid);
            }
        }
        return rids;
    }

    private static NegotiationTable.@Nullable Track track(@Nullable OutgoingTrack track) {
        return track == null
                ? null
                : new NegotiationTable.Track(
                        track.trackId(), track.streamId(), track.ssrc(), track.rtxSsrc(), track.cname());
    }

    private static Map<String, Integer> extensions(Map<HeaderExtension, Integer> ids) {
        Map<String, Integer> byName = new HashMap<>();
        ids.forEach((extension, id) -> byName.put(extension.name(), id));
        return byName;
    }

    private static Map<HeaderExtension, Integer> headerExtensions(Map<String, Integer> ids) {
        Map<HeaderExtension, Integer> extensions = new EnumMap<>(HeaderExtension.class);
        ids.forEach((name, id) -> {
            HeaderExtension extension = HeaderExtension.named(name);
            if (extension != null) {
                extensions.put(extension, id);
            }
        });
        return extensions;
    }

    private static List<CodecPayload> codecPayloads(List<NegotiationTable.Payload> payloads) {
        return payloads.stream()
                .map(payload -> new CodecPayload(
                        Codec.valueOf(payload.codec()),
                        payload.payloadType(),
                        payload.rtxPayloadType(),
                        new HashSet<>(payload.feedback())))
                .toList();
    }

    private static Direction direction(String word) {
        for (Direction direction : Direction.values()) {
            if (direction.word().equals(word)) {
                return direction;
            }
        }
        throw new IllegalArgumentException("no direction: " + word);
    }
}
