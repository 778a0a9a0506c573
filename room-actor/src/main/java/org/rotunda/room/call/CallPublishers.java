package org.rotunda.room.call;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.rotunda.media.control.MediaEvent;
import org.rotunda.media.control.TrackKind;
import org.rotunda.room.allocation.LadderPoint;
import org.rotunda.room.allocation.PublisherHints;
import org.rotunda.room.allocation.PublisherLimits;
import org.rotunda.room.protocol.TrackSid;
import org.rotunda.room.signal.SignalChannel;
import org.rotunda.room.state.OpenRoom;
import org.rotunda.room.state.Participant;
import org.rotunda.room.state.Publication;

/**
 * The part of a live call that decides what publishers send: how many encodings of each video track somebody watches,
 * and to which bit rate a track with a single encoding is throttled. Owned by the conductor.
 */
final class CallPublishers {
    private final LiveRoom live;
    private final CallSources sources;

    CallPublishers(LiveRoom live, CallSources sources) {
        this.live = live;
        this.sources = sources;
    }

    /** Computes what one publisher should send. Returns whether a limit of its bit rates has changed. */
    boolean update(OpenRoom now, Participant publisher, Member member, long nowNanos) {
        Set<TrackSid> videos = new HashSet<>();
        Map<TrackSid, Long> limits = new HashMap<>();
        for (Publication track : publisher.publications()) {
            VideoSource source = track.kind() == TrackKind.VIDEO ? sources.of(track.sid()) : null;
            if (source != null) {
                videos.add(track.sid());
                if (member.signals.isOpen(SignalChannel.PUBLISHER_HINTS)) {
                    hint(now, member, track.sid(), source, nowNanos);
                }
                long limit = limit(track.sid(), source, nowNanos);
                if (limit != PublisherLimits.NO_LIMIT) {
                    limits.put(track.sid(), limit);
                }
            }
        }
        member.signals.hinter.retain(videos);
        boolean changed = !limits.equals(member.publisherLimits);
        member.publisherLimits = limits;
        return changed;
    }

    private void hint(OpenRoom now, Member member, TrackSid track, VideoSource source, long nowNanos) {
        List<PublisherHints.Watcher> watchers = new ArrayList<>();
        for (Member each : live.members().values()) {
            if (each.plan != null) {
                each.plan.watcher(track).ifPresent(watchers::add);
            }
        }
        MediaEvent.Layer largest = source.largest();
        int needed = PublisherHints.encodings(
                largest == null ? 0 : largest.width(),
                largest == null ? 0 : largest.height(),
                VideoSource.ENCODINGS,
                source.isSameSize(),
                live.announcesRecording(now),
                watchers);
        member.signals.hinter.need(track, VideoSource.ENCODINGS, needed, nowNanos);
    }

    private long limit(TrackSid track, VideoSource source, long nowNanos) {
        if (!source.ladder().isElastic()) {
            return PublisherLimits.NO_LIMIT;
        }
        List<Optional<LadderPoint>> layers = new ArrayList<>();
        for (Member each : live.members().values()) {
            if (each.plan != null) {
                layers.add(each.plan.throttling(track, nowNanos));
            }
        }
        return PublisherLimits.maxBps(source.ladder(), layers);
    }
}
