package org.rotunda.media.sdp;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The m-lines of a connection in order, each with the track that we send on it. Lines are never removed (RFC 3264 §8).
 */
final class MLineTable {
    /**
     * The length in bytes of a video m-line of Chromium and the lines below it, with all codecs and the six SSRCs of a
     * published track.
     */
    static final int VIDEO_LINE_BYTES = 6_000;

    static final int AUDIO_LINE_BYTES = 1_800;
    private static final int APPLICATION_LINE_BYTES = 1_000;

    private final List<MLine> lines = new ArrayList<>();
    // The client has rejected the m-lines of these tracks, so we do not offer the tracks again.
    private final Set<String> refusedTracks = new HashSet<>();
    private boolean applicationRefused;

    List<MLine> lines() {
        return lines;
    }

    void add(MLine line) {
        lines.add(line);
    }

    /** Changes the lines towards the desired state, as far as one offer can. Returns whether a line has changed. */
    boolean place(DesiredMedia desired, CodecTable codecs) {
        refusedTracks.retainAll(desired.tracks().keySet());
        Map<String, OutgoingTrack> missing = new LinkedHashMap<>(desired.tracks());
        missing.keySet().removeAll(refusedTracks);
        boolean changed = retire(missing);
        Seats seats = new Seats();
        for (OutgoingTrack track : missing.values()) {
            changed |= seat(track, codecs, seats);
        }
        if (desired.application()
                && !applicationRefused
                && application() == null
                && seats.hasRoomFor(MediaKind.APPLICATION)) {
            seats.addLine(MediaKind.APPLICATION);
            changed = true;
        }
        return changed;
    }

    /**
     * Removes from their lines the tracks that are no longer desired. Removes from {@code missing} each track that a
     * line already carries. Returns whether a line has changed.
     */
    private boolean retire(Map<String, OutgoingTrack> missing) {
        boolean changed = false;
        for (MLine line : lines) {
            OutgoingTrack current = line.track;
            if (current == null) {
                continue;
            }
            OutgoingTrack desired = missing.get(current.trackId());
            if (desired != null && desired.isSameAs(current)) {
                missing.remove(current.trackId());
                changed |= !desired.equals(current); // The SSRCs differ after a move from another node.
                line.trackNegotiated &= desired.equals(current);
                line.track = desired;
            } else {
                line.track = null;
                line.trackNegotiated = false;
                line.draining = true;
                changed = true;
            }
        }
        return changed;
    }

    private static boolean seat(OutgoingTrack track, CodecTable codecs, Seats seats) {
        MLine line = seats.takeIdle(track.kind());
        if (line == null) {
            if (!seats.hasRoomFor(track.kind()) || !codecs.has(track.kind())) {
                return false; // A later call places the track, once a line of its kind is idle.
            }
            line = seats.addLine(track.kind());
        }
        line.track = track;
        return true;
    }

    /**
     * Puts desired tracks on the receive-only lines of the client's first offer. The tracks then need no offer of ours,
     * and this saves a round trip.
     */
    void placeInFirstAnswer(DesiredMedia desired) {
        Map<MediaKind, ArrayDeque<OutgoingTrack>> missing = new EnumMap<>(MediaKind.class);
        for (OutgoingTrack track : desired.tracks().values()) {
            missing.computeIfAbsent(track.kind(), kind -> new ArrayDeque<>()).add(track);
        }
        for (MLine line : lines) {
            if (line.remote.direction() != Direction.RECVONLY || !line.isIdleFor(line.kind)) {
                continue;
            }
            ArrayDeque<OutgoingTrack> ofKind = missing.get(line.kind);
            OutgoingTrack track = ofKind == null ? null : ofKind.poll();
            if (track != null) {
                line.track = track;
                line.trackNegotiated = true;
            }
        }
    }

    /**
     * Notes that the client has accepted our offer. The offered tracks may now be sent, and the lines of removed tracks
     * are free again.
     */
    void onOfferAccepted() {
        for (MLine line : lines) {
            line.draining = false;
            line.trackNegotiated = line.track != null;
        }
    }

    /**
     * Stores the client's description of the line. A line whose description we cannot use is rejected, or kept inactive
     * if it cannot be rejected.
     *
     * @param isBundleTag true if the line is the first of the client's BUNDLE group
     */
    void onRemote(MLine line, MediaSection section, LocalParameters local, boolean isBundleTag) {
        OutgoingTrack track = line.track;
        boolean mustKeep = line.kind.isRtp() && !section.isRejected() && (isBundleTag || line.kept != null);
        boolean usable = !section.isRejected();
        line.kept = null;
        if (line.kind.isRtp()) {
            line.remote = RemoteMedia.read(section, local).withBound(line.bound);
            usable &= !line.remote.payloads().isEmpty();
        } else {
            usable &= line.kind == MediaKind.APPLICATION && ApplicationLine.read(section, line);
        }
        if (!usable) {
            if (track != null) {
                refusedTracks.add(track.trackId());
            }
            applicationRefused |= line.kind == MediaKind.APPLICATION;
            if (mustKeep) {
                line.keep(KeptLine.of(section));
            } else {
                line.reject();
            }
        }
    }

    /** Stores the SSRCs of an encoding of the line with that MID. The SSRCs come from its packets. */
    void bind(String mid, MediaPlan.Encoding encoding) {
        String rid = encoding.rid();
        for (MLine line : lines) {
            if (rid != null && !line.rejected && line.mid.equals(mid)) {
                line.bound.put(rid, encoding);
                line.remote = line.remote.withBound(line.bound);
            }
        }
    }

    /** Returns the kinds of media of which the client has an m-line, but no codec in common with the room. */
    Set<MediaKind> kindsWithoutCodec(CodecTable codecs) {
        Set<MediaKind> kinds = EnumSet.noneOf(MediaKind.class);
        for (MLine line : lines) {
            if (line.kind.isRtp() && !codecs.has(line.kind)) {
                kinds.add(line.kind);
            }
        }
        return kinds;
    }

    @Nullable
    MLine application() {
        for (MLine line : lines) {
            if (line.kind == MediaKind.APPLICATION && !line.rejected) {
                return line;
            }
        }
        return null;
    }

    private static int bytesOf(MediaKind kind) {
        return switch (kind) {
            case VIDEO -> VIDEO_LINE_BYTES;
            case AUDIO -> AUDIO_LINE_BYTES;
            case APPLICATION, OTHER -> APPLICATION_LINE_BYTES;
        };
    }

    /** Returns the ids of the desired tracks that no line carries. */
    List<String> unplaced(DesiredMedia desired) {
        Set<String> missing = new LinkedHashSet<>(desired.tracks().keySet());
        for (MLine line : lines) {
            OutgoingTrack track = line.track;
            if (track != null) {
                missing.remove(track.trackId());
            }
        }
        return List.copyOf(missing);
    }

    /**
     * The idle lines, and the space for new lines, during one call that places tracks. The client chooses the number of
     * lines and their MIDs, so the lines are read once in a call, and not once for each track.
     */
    private final class Seats {
        private final Map<MediaKind, ArrayDeque<MLine>> idle = new EnumMap<>(MediaKind.class);
        private final Set<String> mids = new HashSet<>();
        private int nextMid = lines.size();
        private long bytes;

        Seats() {
            for (MLine line : lines) {
                mids.add(line.mid);
                bytes += bytesOf(line.kind);
                if (line.isIdleFor(line.kind)) {
                    idle.computeIfAbsent(line.kind, kind -> new ArrayDeque<>()).add(line);
                }
            }
        }

        @Nullable
        MLine takeIdle(MediaKind kind) {
            ArrayDeque<MLine> ofKind = idle.get(kind);
            return ofKind == null ? null : ofKind.poll();
        }

        /**
         * Returns whether one more m-line is possible. The client's next offer repeats every line with all its codecs,
         * and must not exceed our limits for a description.
         */
        boolean hasRoomFor(MediaKind kind) {
            return lines.size() < SdpParser.M_LINES_MAX && bytes + bytesOf(kind) <= SdpParser.LENGTH_MAX;
        }

        MLine addLine(MediaKind kind) {
            MLine line = new MLine(freshMid(), kind);
            lines.add(line);
            bytes += bytesOf(kind);
            return line;
        }

        /**
         * Returns a MID for a new line of ours. The MID begins with a letter, so that it differs from the client's
         * MIDs, which are plain numbers.
         */
        private String freshMid() {
            String mid;
            do {
                mid = "s" + nextMid++;
            } while (!mids.add(mid));
            return mid;
        }
    }
}
