package org.rotunda.room.allocation;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.rotunda.room.allocation.BandwidthProfile.Mode;
import org.rotunda.room.allocation.BandwidthProfile.SwitchOffMode;
import org.rotunda.room.protocol.TrackPriority;
import org.rotunda.room.protocol.TrackSid;

/** Tracks, profiles and downlinks for the tests of the allocation. */
final class AllocationSamples {
    static final long ROOM_CAP_BPS = 4_000_000;
    static final Ladder CAMERA = Ladder.camera(1280, 720, 3);
    static final Ladder SCREEN = Ladder.conferenceScreen(1280, 720);

    private AllocationSamples() {}

    /** Returns the SID of the track with this letter. */
    static TrackSid sid(char letter) {
        return new TrackSid("MT" + String.format(Locale.ROOT, "%032x", (int) letter));
    }

    /** Returns the letter of a track. */
    static char letter(TrackSid track) {
        return (char) Integer.parseInt(track.value().substring(26), 16);
    }

    /** Returns a camera. The letters stand in the order of loudness and of arrival. */
    static TrackInput camera(char letter, TrackPriority priority) {
        return new TrackInput(sid(letter), priority, null, true, false, letter, letter, CAMERA);
    }

    /** Returns a shared screen in the conference mode of libwebrtc. */
    static TrackInput screen(char letter, TrackPriority priority) {
        return new TrackInput(sid(letter), priority, null, true, true, letter, letter, SCREEN);
    }

    /** Returns standard cameras with these letters. */
    static List<TrackInput> cameras(String letters) {
        List<TrackInput> tracks = new ArrayList<>();
        for (int i = 0; i < letters.length(); i++) {
            tracks.add(camera(letters.charAt(i), TrackPriority.STANDARD));
        }
        return tracks;
    }

    static TrackInput sized(TrackInput track, int width, int height) {
        return with(track, new RenderSize(width, height), track.clientEnabled(), track.loudRank(), track.ladder());
    }

    static TrackInput enabled(TrackInput track, boolean enabled) {
        return with(track, track.renderSize(), enabled, track.loudRank(), track.ladder());
    }

    static TrackInput loud(TrackInput track, int rank) {
        return with(track, track.renderSize(), track.clientEnabled(), rank, track.ladder());
    }

    static TrackInput sending(TrackInput track, Ladder ladder) {
        return with(track, track.renderSize(), track.clientEnabled(), track.loudRank(), ladder);
    }

    static TrackInput prior(TrackInput track, TrackPriority priority) {
        return new TrackInput(
                track.track(),
                priority,
                track.renderSize(),
                track.clientEnabled(),
                track.screen(),
                track.loudRank(),
                track.joinOrder(),
                track.ladder());
    }

    private static TrackInput with(
            TrackInput track, @Nullable RenderSize size, boolean enabled, int loudRank, Ladder ladder) {
        return new TrackInput(
                track.track(), track.priority(), size, enabled, track.screen(), loudRank, track.joinOrder(), ladder);
    }

    static BandwidthProfile profile(Mode mode) {
        return profile(mode, SwitchOffMode.PREDICTED, 0);
    }

    static BandwidthProfile profile(Mode mode, SwitchOffMode switchOffMode, int maxTracks) {
        return new BandwidthProfile(
                mode,
                TrackPriority.STANDARD,
                0,
                maxTracks,
                switchOffMode,
                BandwidthProfile.LOW_DEFAULT,
                BandwidthProfile.STANDARD_DEFAULT,
                BandwidthProfile.HIGH_DEFAULT);
    }

    /** Returns a downlink that leaves this much for video, in kbit/s. */
    static SubscriberInput kbps(long video) {
        return new SubscriberInput(video * 1000, 0, ROOM_CAP_BPS, false, 0, 0);
    }
}
