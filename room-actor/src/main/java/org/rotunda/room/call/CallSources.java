package org.rotunda.room.call;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.rotunda.media.control.MediaEvent;
import org.rotunda.media.control.TrackKind;
import org.rotunda.media.control.TrackRates;
import org.rotunda.room.allocation.Ladder;
import org.rotunda.room.allocation.SingleStreamPolicy;
import org.rotunda.room.protocol.ParticipantSid;
import org.rotunda.room.protocol.TrackSid;
import org.rotunda.room.state.OpenRoom;
import org.rotunda.room.state.Participant;
import org.rotunda.room.state.Publication;

/** The part of a live call that knows the layers of all published video tracks. Owned by the conductor. */
final class CallSources {
    private final LiveRoom live;
    private final SingleStreamPolicy policy;
    private final Map<TrackSid, VideoSource> sources = new HashMap<>();
    private final Map<TrackSid, ParticipantSid> publishers = new HashMap<>();

    CallSources(LiveRoom live) {
        this.live = live;
        this.policy = live.settings().bandwidth().throttlesPublishers()
                ? SingleStreamPolicy.THROTTLE_PUBLISHER
                : SingleStreamPolicy.PROTECT_PUBLISHER;
    }

    void follow(OpenRoom now) {
        Set<TrackSid> published = new HashSet<>();
        for (Participant publisher : now.participants()) {
            for (Publication track : publisher.publications()) {
                if (track.kind() == TrackKind.VIDEO) {
                    published.add(track.sid());
                    sources.computeIfAbsent(track.sid(), sid -> new VideoSource(policy));
                    publishers.put(track.sid(), publisher.sid());
                }
            }
        }
        sources.keySet().retainAll(published);
        publishers.keySet().retainAll(published);
    }

    /** Returns the source of a video track; null if nobody publishes the track. */
    @Nullable
    VideoSource of(TrackSid track) {
        return sources.get(track);
    }

    /** Returns the ladder of a video track. */
    Ladder ladder(TrackSid track) {
        VideoSource source = sources.get(track);
        return source == null ? Ladder.EMPTY : source.ladder();
    }

    /** Takes the layers that flow now. Returns whether plans may have to change. */
    boolean onLayers(MediaEvent.LayersChanged changed) {
        VideoSource source = sources.get(new TrackSid(changed.trackSid()));
        return source != null && source.onLayers(changed.layers());
    }

    /** Takes rates that a media node has measured. Returns whether plans may have to change. */
    boolean onRates(String mediaNode, List<TrackRates> rates) {
        boolean changed = false;
        for (TrackRates each : rates) {
            TrackSid track = new TrackSid(each.trackSid());
            VideoSource source = sources.get(track);
            if (source != null && isAt(track, mediaNode)) {
                changed |= source.onRates(each);
            }
        }
        return changed;
    }

    private boolean isAt(TrackSid track, String mediaNode) {
        ParticipantSid publisher = publishers.get(track);
        Member member = publisher == null ? null : live.members().get(publisher);
        return member != null && member.transport.mediaNode().equals(mediaNode);
    }
}
