package org.rotunda.media.sdp;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The m-lines of a connection in order, each with the track of ours that it carries. Lines are never removed (RFC 3264
 * §8).
 */
final class MLineTable {
    /** The bytes that Chromium writes for a video m-line with all its codecs and the six SSRCs of a published track. */
    static final int VIDEO_LINE_BYTES = 6_000;

    static final int AUDIO_LINE_BYTES = 1_800;
    private static final int APPLICATION_LINE_BYTES = 1_000;

    private final List<MLine> lines = new ArrayList<>();
    // The client rejected the lines of these tracks, so they are not tried again.
    private final Set<String> refusedTracks = new HashSet<>();
    private boolean applicationRefused;

    List<MLine> lines() {
        return lines;
    }

    void add(MLine line) {
        lines.add(line);
    }

    /** Brings the lines to the desired state as far as one offer can; returns whether anything changed. */
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
     * Removes the tracks that are no longer desired from their lines, and removes from {@code missing} the desired
     * tracks that a line carries already. Returns whether a line has changed.
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
                changed |= !desired.equals(current); // After a move to another node the track has other SSRCs.
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
                return false; // The track stays desired and gets a line of its kind that becomes idle.
            }
            line = new MLine(freshMid(), track.kind());
            lines.add(line);
        }
        line.track = track;
        return true;
    }

    /**
     * Puts desired tracks on the receive-only lines of the client's first offer. These tracks then wait for no offer of
     * ours, which saves a round trip.
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
     * Notes that the client has accepted our offer. The tracks on the lines may now flow, and the lines whose track was
     * taken off are free again.
     */
    void onOfferAccepted() {
        for (MLine line : lines) {
            line.draining = false;
            line.trackNegotiated = line.track != null;
        }
    }

    /** Stores the client's description of the line. A line whose description we cannot use is rejected. */
    void onRemote(MLine line, MediaSection section, LocalParameters local) {
        OutgoingTrack track = line.track;
        boolean usable = !section.isRejected();
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
            line.reject();
        }
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
     * Returns whether one more m-line fits. The client's next offer repeats every line with all its codecs, and it must
     * fit into our limits for a description and into a signaling frame.
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
     * Returns a MID for a new line of ours. It has a letter, because an offer of the client may cross ours and the
     * client's MIDs are plain numbers.
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
