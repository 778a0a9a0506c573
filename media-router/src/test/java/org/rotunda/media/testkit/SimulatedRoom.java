package org.rotunda.media.testkit;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.rotunda.media.control.DesiredTransport;
import org.rotunda.media.control.LayerLimit;
import org.rotunda.media.control.MediaCommand;
import org.rotunda.media.control.MediaEvent;
import org.rotunda.media.control.TrackKind;
import org.rotunda.media.control.TransportHandover;
import org.rotunda.media.control.TransportId;
import org.rotunda.media.control.VideoCodec;

/**
 * The room and its signaling in a simulation. It keeps the desired state of each transport, carries descriptions
 * between peers and routers, and keeps the data for a move to another node.
 */
public final class SimulatedRoom {
    private static final long SIGNALING_NANOS = 15_000_000L;
    private static final long NODE_NANOS = 2_000_000L; // The delay of messages between nodes.

    /** One connection of a participant, with the desired state of its transport. */
    private static final class Member {
        final SimulatedPeer peer;
        SimulatedRouter router;
        final Map<String, DesiredTransport.Publication> publications = new LinkedHashMap<>();
        final Map<String, DesiredTransport.Subscription> subscriptions = new LinkedHashMap<>();
        final List<DesiredTransport.Channel> channels = new ArrayList<>();
        private DesiredTransport.Downlink downlink = DesiredTransport.Downlink.NONE;
        long version;

        @Nullable
        TransportHandover handover;

        /** The old node of a connection that moves while both nodes run. */
        @Nullable
        SimulatedRouter left;

        boolean arrived; // True after the connection has reached its next node.

        Member(SimulatedPeer peer, SimulatedRouter router) {
            this.peer = peer;
            this.router = router;
        }
    }

    private final Simulation simulation;
    private final String sid;
    private SimulatedRouter router; // The node or loop of those who join.
    private final Map<TransportId, Member> members = new LinkedHashMap<>();
    private Set<VideoCodec> videoCodecs = Set.of(VideoCodec.values());
    private long epoch = 1;

    public SimulatedRoom(Simulation simulation, SimulatedRouter router, String sid) {
        this.simulation = simulation;
        this.router = router;
        this.sid = sid;
        listenTo(router);
    }

    /** Lets those who join from now on join on another loop of the same node. */
    public void joinOn(SimulatedRouter next) {
        router = next;
        listenTo(next);
    }

    private void listenTo(SimulatedRouter node) {
        node.setListener(event -> onEvent(node, event));
    }

    public long epoch() {
        return epoch;
    }

    /** Sets the codecs that the room allows from now on. */
    public void setVideoCodecs(VideoCodec... codecs) {
        videoCodecs = Set.of(codecs);
    }

    public SimulatedPeer join(String name) {
        return join(name, PeerOptions.CHROMIUM);
    }

    /** Opens a transport for a new peer. The peer connects at once. */
    public SimulatedPeer join(String name, PeerOptions options) {
        return join(new TransportId(sid, name, "pc1"), options);
    }

    /**
     * Opens a transport as {@link #join(String, PeerOptions)} does, with the given id. A participant may have two
     * connections.
     */
    public SimulatedPeer join(TransportId id, PeerOptions options) {
        SimulatedPeer peer = open(id, options, false);
        peer.connect();
        return peer;
    }

    private SimulatedPeer open(TransportId id, PeerOptions options, boolean requestOffer) {
        SimulatedPeer peer = new SimulatedPeer(simulation, router, id, options, description -> {
            Member member = Objects.requireNonNull(members.get(id));
            simulation.after(
                    SIGNALING_NANOS,
                    () -> member.router.command(new MediaCommand.RemoteDescription(id, epoch, description)));
        });
        members.put(id, new Member(peer, router));
        router.command(new MediaCommand.OpenTransport(id, epoch, videoCodecs, null, requestOffer));
        return peer;
    }

    /**
     * Opens a transport and asks the peer for an offer, as a room does when a participant moves to a new connection.
     */
    public SimulatedPeer joinOnRequest(TransportId id, PeerOptions options) {
        return open(id, options, true);
    }

    /** Opens a transport and waits until media can flow. */
    public SimulatedPeer joined(String name, PeerOptions options) {
        SimulatedPeer peer = join(name, options);
        simulation.await(name + " connects", 3_000, () -> peer.isConnected() && peer.isSettled());
        return peer;
    }

    public SimulatedPeer joined(String name) {
        return joined(name, PeerOptions.CHROMIUM);
    }

    public void publish(SimulatedPeer peer, String trackSid, String clientTrackId, TrackKind kind) {
        member(peer).publications.put(trackSid, new DesiredTransport.Publication(trackSid, clientTrackId, kind));
        submit(peer);
    }

    public void unpublish(SimulatedPeer peer, String trackSid) {
        member(peer).publications.remove(trackSid);
        submit(peer);
    }

    public void subscribe(SimulatedPeer peer, String id, String trackSid, TrackKind kind, SimulatedPeer source) {
        subscribe(peer, id, trackSid, kind, source, LayerLimit.NONE, false);
    }

    /** Adds a subscription, or changes the subscription that has this id. */
    public void subscribe(
            SimulatedPeer peer,
            String id,
            String trackSid,
            TrackKind kind,
            SimulatedPeer source,
            LayerLimit layers,
            boolean paused) {
        member(peer)
                .subscriptions
                .put(id, new DesiredTransport.Subscription(trackSid, id, kind, source.id(), layers, paused));
        submit(peer);
    }

    public void unsubscribe(SimulatedPeer peer, String id) {
        member(peer).subscriptions.remove(id);
        submit(peer);
    }

    /** Sets the demand on the network to the peer. */
    public void demand(SimulatedPeer peer, long desiredBps, long nextBps, long capBps) {
        member(peer).downlink = new DesiredTransport.Downlink(desiredBps, nextBps, capBps);
        submit(peer);
    }

    /** Limits the bit rate that the peer is to send for a track. */
    public void limit(SimulatedPeer peer, String trackSid, long maxBps) {
        member(peer)
                .publications
                .computeIfPresent(
                        trackSid,
                        (sid, old) -> new DesiredTransport.Publication(sid, old.clientTrackId(), old.kind(), maxBps));
        submit(peer);
    }

    public void openChannel(SimulatedPeer peer, String label) {
        member(peer).channels.add(new DesiredTransport.Channel(label));
        submit(peer);
    }

    public void closeChannel(SimulatedPeer peer, String label) {
        member(peer).channels.removeIf(channel -> channel.label().equals(label));
        submit(peer);
    }

    public void sendText(SimulatedPeer peer, String label, String text) {
        member(peer).router.command(new MediaCommand.SendOnChannel(peer.id(), epoch, label, text));
    }

    public void close(SimulatedPeer peer, boolean notifyPeer) {
        Member member = members.remove(peer.id());
        if (member != null) {
            member.router.command(new MediaCommand.CloseTransport(peer.id(), epoch, notifyPeer));
        }
    }

    /** Returns the desired state that was last submitted for the peer's transport. */
    public DesiredTransport desired(SimulatedPeer peer) {
        Member member = member(peer);
        return new DesiredTransport(
                peer.id(),
                epoch,
                member.version,
                List.copyOf(member.publications.values()),
                List.copyOf(member.subscriptions.values()),
                member.channels,
                member.downlink);
    }

    /** Submits the whole desired state as a new version. */
    public void submit(SimulatedPeer peer) {
        Member member = member(peer);
        member.version++;
        member.router.command(desired(peer));
    }

    /**
     * Begins a new epoch, as if another node had taken over the room. All later commands carry the new epoch, and
     * versions start again.
     */
    public void nextEpoch() {
        epoch++;
        members.values().forEach(member -> member.version = 0);
    }

    /** Moves an open connection to another node, as if the old node had died. */
    public void moveTo(SimulatedRouter next, SimulatedPeer peer) {
        Member member = member(peer);
        listenTo(next);
        member.router = next;
        peer.setRouter(next);
        next.command(new MediaCommand.OpenTransport(
                peer.id(), epoch, videoCodecs, Objects.requireNonNull(member.handover), false));
        submit(peer);
    }

    /**
     * Moves live connections to another node while the old node still runs, as a drain does. The old node works until
     * all connections have reached the next node. Then it hands over the messages that its clients may not have
     * received.
     */
    public void leaveTo(SimulatedRouter next, SimulatedPeer... peers) {
        for (SimulatedPeer peer : peers) {
            Member member = member(peer);
            member.left = member.router;
            member.arrived = false;
            moveTo(next, peer);
        }
    }

    private void onArrived(Member arrived) {
        arrived.arrived = true;
        if (members.values().stream().anyMatch(member -> member.left != null && !member.arrived)) {
            return; // A participant still at the old node may send messages to those who left it.
        }
        for (Member member : members.values()) {
            SimulatedRouter left = member.left;
            if (left != null) {
                simulation.after(
                        NODE_NANOS,
                        () -> left.command(new MediaCommand.CloseTransport(member.peer.id(), epoch, false)));
            }
        }
    }

    private Member member(SimulatedPeer peer) {
        return Objects.requireNonNull(members.get(peer.id()), "not in the room");
    }

    private void onEvent(SimulatedRouter from, MediaEvent event) {
        Member member = members.get(event.transport());
        if (member == null) {
            return;
        }
        if (member.left == from && event instanceof MediaEvent.Unacknowledged told) {
            member.left = null;
            simulation.after(
                    NODE_NANOS,
                    () -> member.router.command(
                            new MediaCommand.RepeatMessages(member.peer.id(), epoch, told.messages())));
        }
        if (member.router != from) {
            return;
        }
        if (member.left != null
                && event instanceof MediaEvent.StateChanged changed
                && changed.state() == MediaEvent.State.CONNECTED) {
            onArrived(member);
        }
        if (event instanceof MediaEvent.LocalDescription local) {
            simulation.after(SIGNALING_NANOS, () -> member.peer.onDescription(local.description()));
        } else if (event instanceof MediaEvent.HandoverChanged changed) {
            member.handover = changed.handover();
        }
    }
}
