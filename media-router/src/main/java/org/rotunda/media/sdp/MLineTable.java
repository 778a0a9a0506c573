package org.rotunda.media.sdp;

import java.util.ArrayList;
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
    /** The length of Chromium's video m-line with all its codecs and the six SSRCs of a published track. */
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
        for (OutgoingTrack track : missing.values()) {
            changed |= seat(track, codecs);
        }
        if (desired.application()
                && !applicationRefused
                && application() == null
                && hasRoomFor(MediaKind.APPLICATION)) {
            lines.add(new MLine(freshMid(), MediaKind.APPLICATION));
            changed = true;
        }
        return changed;
    }

    /**
     * Takes tracks that are no longer desired off their lines. Removes from {@code missing} each track that a line
     * already carries. Returns whether a line has changed.
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
                changed |= !desired.equals(current); // The SSRCs differ after a move to another node.
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

    private boolean seat(OutgoingTrack track, CodecTable codecs) {
        MLine line = idle(track.kind());
        if (line == null) {
            if (!hasRoomFor(track.kind()) || !codecs.has(track.kind())) {
                return false; // A later call places the track, once a line of its kind is idle.
            }
            line = new MLine(freshMid(), track.kind());
            lines.add(line);
        }
        line.track = track;
        return true;
    }

    /**
     * Puts desired tracks on the receive-only lines of the client's first offer. The tracks then need no offer of ours,
     * and this saves a round trip.
     */
    void placeInFirstAnswer(DesiredMedia desired) {
        Map<String, OutgoingTrack> missing = new LinkedHashMap<>(desired.tracks());
        for (MLine line : lines) {
            if (line.remote.direction() != Direction.RECVONLY || !line.isIdleFor(line.kind)) {
                continue;
            }
            for (OutgoingTrack track : missing.values()) {
                if (track.kind() == line.kind) {
                    line.track = track;
                    line.trackNegotiated = true;
                    missing.remove(track.trackId());
                    break;
                }
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
            line.remote = RemoteMedia.read(section, local);
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

    private @Nullable MLine idle(MediaKind kind) {
        for (MLine line : lines) {
            if (line.isIdleFor(kind)) {
                return line;
            }
        }
        return null;
    }

    /**
     * Returns whether one more m-line is possible. The client's next offer repeats every line with all its codecs, and
     * must not exceed our limits for a description.
     */
    private boolean hasRoomFor(MediaKind kind) {
        long bytes = bytesOf(kind);
        for (MLine line : lines) {
            bytes += bytesOf(line.kind);
        }
        return lines.size() < SdpParser.M_LINES_MAX && bytes <= SdpParser.LENGTH_MAX;
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
     * Returns a MID for a new line of ours. The MID begins with a letter, so that it differs from the client's MIDs,
     * which are plain numbers.
     */
    private String freshMid() {
        for (int number = lines.size(); ; number++) {
            String mid = "s" + number;
            if (lines.stream().noneMatch(line -> line.mid.equals(mid))) {
                return mid;
            }
        }
    }
}
