package org.rotunda.room.allocation;

import static org.rotunda.room.allocation.SubscriberPlan.NO_DEADLINE;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.rotunda.room.allocation.SubscriberPlan.SwitchOffs;
import org.rotunda.room.protocol.TrackSid;

/** Collects what a client must be told about tracks that are switched off and on. */
final class Announcements {
    /** A track is announced as on when its first packet leaves, or after this time. */
    static final long FIRST_PACKET_MAX_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final List<TrackSid> off = new ArrayList<>();
    private final List<TrackSid> on = new ArrayList<>();

    /** Announces a track as off unless the client believes so already. */
    void off(PlannedTrack track) {
        track.announceOnSinceNanos = NO_DEADLINE;
        if (!track.isAnnouncedOff) {
            track.isAnnouncedOff = true;
            if (!on.remove(track.input.track())) { // The client has not been told yet that the track is on.
                off.add(track.input.track());
            }
        }
    }

    /** Lets a track be announced as on when its first packet leaves, if the client believes that it is off. */
    void onSoon(PlannedTrack track, long nowNanos) {
        if (track.isAnnouncedOff) {
            track.announceOnSinceNanos = nowNanos;
        }
    }

    /** Announces a track as on if the client believes that it is off. */
    void on(PlannedTrack track) {
        track.announceOnSinceNanos = NO_DEADLINE;
        if (track.isAnnouncedOff) {
            track.isAnnouncedOff = false;
            if (!off.remove(track.input.track())) { // The client has not been told yet that the track is off.
                on.add(track.input.track());
            }
        }
    }

    /** Announces a track whose first packet is overdue. */
    void onTimeout(PlannedTrack track, long nowNanos) {
        if (deadlineNanos(track) <= nowNanos) {
            on(track);
        }
    }

    static long deadlineNanos(PlannedTrack track) {
        return track.announceOnSinceNanos == NO_DEADLINE
                ? NO_DEADLINE
                : track.announceOnSinceNanos + FIRST_PACKET_MAX_NANOS;
    }

    /** Forgets a track that the subscriber does not receive any more. */
    void forget(TrackSid track) {
        off.remove(track);
        on.remove(track);
    }

    /** Returns what must be told now. */
    SwitchOffs take() {
        if (off.isEmpty() && on.isEmpty()) {
            return SwitchOffs.NONE;
        }
        SwitchOffs taken = new SwitchOffs(off, on);
        off.clear();
        on.clear();
        return taken;
    }
}
