package org.rotunda.room.nodewatch;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.rotunda.room.nodewatch.WatchEvent.MediaNodeHeard;
import org.rotunda.room.nodewatch.WatchEvent.MediaNodeSilent;
import org.rotunda.room.nodewatch.WatchEvent.MediaNodesReported;
import org.rotunda.room.placement.MediaNodeLoad;

/**
 * The part of {@link WatchBoard} that follows the media nodes of all processes: which of them are heard, which are
 * silent, and how loaded they are. Each peer keeps its own {@link MediaSight}s.
 */
final class MediaSightings {
    private final Verdicts verdicts;
    private final List<WatchEvent> events;
    /** The latest loads that no event has published yet, by the id of the media node. */
    private final Map<String, MediaNodeLoad> untoldLoads = new LinkedHashMap<>();

    private boolean isRelayDue;

    /** @param events the list to which events about media nodes are added */
    MediaSightings(Verdicts verdicts, List<WatchEvent> events) {
        this.verdicts = verdicts;
        this.events = events;
    }

    /** Notes that the peer has named a media node of its process. Returns whether a verdict may change. */
    boolean hear(Peer peer, String mediaNode, long nowNanos) {
        MediaSight sight = peer.sight(mediaNode);
        boolean wasMissed = sight.isMissed;
        sight.isMissed = false;
        sight.heardNanos = nowNanos;
        meet(peer, mediaNode, sight);
        return wasMissed;
    }

    /** Stores the load of a media node in the peer's process. */
    void learn(Peer peer, MediaNodeLoad load) {
        MediaSight sight = peer.sight(load.id());
        meet(peer, load.id(), sight);
        MediaNodeLoad before = sight.load;
        if (!load.equals(before)) {
            isRelayDue |= before != null && before.draining() != load.draining();
            sight.load = load;
            untoldLoads.put(load.id(), load);
        }
    }

    /** Publishes the first event about a media node. */
    private void meet(Peer peer, String mediaNode, MediaSight sight) {
        if (sight.isNew) {
            sight.isNew = false;
            sight.isSilent = verdicts.isSilent(peer, mediaNode, sight);
            events.add(sight.isSilent ? new MediaNodeSilent(mediaNode) : new MediaNodeHeard(mediaNode));
            isRelayDue = true;
        }
    }

    /** Draws the verdicts on the media nodes of the peer's process again. */
    void review(Peer peer) {
        peer.mediaNodes().forEach((id, sight) -> {
            boolean isSilent = verdicts.isSilent(peer, id, sight);
            if (isSilent != sight.isSilent) {
                sight.isSilent = isSilent;
                events.add(isSilent ? new MediaNodeSilent(id) : new MediaNodeHeard(id));
            }
        });
    }

    /** Publishes the loads that have changed since the previous call. */
    void publishLoads() {
        if (!untoldLoads.isEmpty()) {
            events.add(new MediaNodesReported(List.copyOf(untoldLoads.values())));
            untoldLoads.clear();
        }
    }

    /**
     * Returns whether the other room nodes must hear of the loads with the next beats, because a media node is new, or
     * has begun or ended a drain. A second call returns false.
     */
    boolean takeRelayDue() {
        boolean due = isRelayDue;
        isRelayDue = false;
        return due;
    }

    /** Returns the loads of the media nodes in these peers' processes for which {@code self} is the reporter. */
    List<RelayedLoad> relayed(List<Peer> exchanging, NodeId self) {
        List<RelayedLoad> relayed = new ArrayList<>();
        for (Peer peer : exchanging) {
            if (!peer.runsRooms() && !peer.isLost && verdicts.isReporterOf(peer, self)) {
                for (MediaSight sight : peer.mediaNodes().values()) {
                    MediaNodeLoad load = sight.load;
                    if (load != null && !sight.isSilent) {
                        relayed.add(new RelayedLoad(peer.node(), load));
                    }
                }
            }
        }
        return relayed;
    }
}
