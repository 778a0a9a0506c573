package org.rotunda.room;

import com.typesafe.config.Config;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.cluster.typed.Cluster;
import org.rotunda.media.control.MediaListener;
import org.rotunda.media.control.MediaRouter;
import org.rotunda.room.mediaplane.DrainStatus;
import org.rotunda.room.mediaplane.MediaNode;
import org.rotunda.room.mediaplane.MediaNodeDirectory;
import org.rotunda.room.mediaplane.MediaNodeGauge;
import org.rotunda.room.mediaplane.MediaNodes;
import org.rotunda.room.mediaplane.ProcessRouter;
import org.rotunda.room.nodewatch.Fence;
import org.rotunda.room.nodewatch.NodeFence;
import org.rotunda.room.nodewatch.NodeWatch;
import org.rotunda.room.nodewatch.WatchSettings;
import org.rotunda.room.nodewatch.WatchStatistics;

/**
 * The part of one process in the media plane: its watch over the other nodes, its view of the media nodes, and its own
 * media node if the process has a router. A media node without other roles has this part alone, and no database. The
 * media plane is started once for each actor system and stops with it.
 */
public final class MediaPlane {
    private final ActorSystem<?> system;
    private final ActorRef<NodeWatch.Command> watch;
    private final WatchStatistics watchStatistics;
    private final Fence fence;
    private final MediaNodes mediaNodes;
    private final Optional<OwnMediaNode> mediaNode;

    /** A media node of this process, and its load. */
    private record OwnMediaNode(ActorRef<MediaNode.Command> actor, MediaNodeGauge gauge) {}

    private MediaPlane(
            ActorSystem<?> system,
            ActorRef<NodeWatch.Command> watch,
            WatchStatistics watchStatistics,
            Fence fence,
            MediaNodes mediaNodes,
            Optional<OwnMediaNode> mediaNode) {
        this.system = system;
        this.watch = watch;
        this.watchStatistics = watchStatistics;
        this.fence = fence;
        this.mediaNodes = mediaNodes;
        this.mediaNode = mediaNode;
    }

    /**
     * @param router the router of this process, which the caller closes; empty if the process is no media node
     * @param lifelinePort the port on which this process listens for lifelines of the other nodes; if empty, lifelines
     *     are off on this node
     */
    public static MediaPlane start(ActorSystem<?> system, Optional<ProcessRouter> router, OptionalInt lifelinePort) {
        Config rotunda = system.settings().config().getConfig("rotunda");
        WatchSettings watchSettings = WatchSettings.from(rotunda);
        NodeFence fence = NodeWatch.fence(watchSettings, System::nanoTime);
        WatchStatistics watchStatistics = new WatchStatistics();
        ActorRef<NodeWatch.Command> watch = NodeWatch.start(
                system, RoomSystem.ROLE, watchSettings, fence, watchStatistics, lifelinePort, System::nanoTime);
        MediaNodeDirectory.View mediaNodes = new MediaNodeDirectory.View();
        // Only rooms place participants on media nodes, so a process without rooms needs no directory.
        boolean hasDirectory = Cluster.get(system).selfMember().hasRole(RoomSystem.ROLE);
        Optional<MediaNodes> known = hasDirectory ? Optional.of(mediaNodes) : Optional.empty();
        Optional<OwnMediaNode> mediaNode = router.map(process ->
                startMediaNode(system, watch, "media-node", process, gauge -> MediaNode.create(process, gauge, known)));
        if (hasDirectory) {
            system.systemActorOf(MediaNodeDirectory.create(mediaNodes), "media-node-directory", Props.empty());
        }
        return new MediaPlane(system, watch, watchStatistics, fence, mediaNodes, mediaNode);
    }

    /** The fence of this process. While the fence is held, the rooms of this process decide nothing. */
    public Fence fence() {
        return fence;
    }

    /** The statistics of this node's watch over the other nodes. */
    public WatchStatistics watchStatistics() {
        return watchStatistics;
    }

    /**
     * The media nodes that this process knows; none if the process runs no rooms. While no media node is known, every
     * connect is refused as busy.
     */
    public MediaNodes mediaNodes() {
        return mediaNodes;
    }

    /** The media node of this process; empty if the process is no media node. */
    public Optional<ActorRef<MediaNode.Command>> mediaNode() {
        return mediaNode.map(OwnMediaNode::actor);
    }

    /** The progress of the drain of this process's media node; empty if the process is no media node. */
    public Optional<Supplier<DrainStatus>> drainStatus() {
        return mediaNode.map(own -> own.gauge()::drain);
    }

    /**
     * Starts another media node in this process, for tests with several media nodes. Its router is closed when the
     * media node stops.
     *
     * @param id the node's id in placements, and the name of its actor
     */
    public ActorRef<MediaNode.Command> startMediaNode(String id, Function<MediaListener, MediaRouter> factory) {
        ProcessRouter process = ProcessRouter.open(id, factory);
        return startMediaNode(
                        system,
                        watch,
                        "media-node-" + id,
                        process,
                        gauge -> MediaNode.createClosing(process, gauge, Optional.of(mediaNodes)))
                .actor();
    }

    /**
     * Starts a media node. The node watch asks the router whether its event loops run, because the media node's actor
     * can still answer while these loops hang.
     */
    private static OwnMediaNode startMediaNode(
            ActorSystem<?> system,
            ActorRef<NodeWatch.Command> watch,
            String name,
            ProcessRouter process,
            Function<MediaNodeGauge, Behavior<MediaNode.Command>> behavior) {
        MediaNodeGauge gauge = new MediaNodeGauge(process.id());
        ActorRef<MediaNode.Command> node = system.systemActorOf(behavior.apply(gauge), name, Props.empty());
        watch.tell(new NodeWatch.WatchMediaNode(process.id(), process.router()::allLoopsTurned, gauge::load, node));
        return new OwnMediaNode(node, gauge);
    }
}
