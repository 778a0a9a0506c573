package org.rotunda.load.cluster;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.pekko.Done;
import org.apache.pekko.pattern.StatusReply;
import org.rotunda.media.control.LayerLimit;
import org.rotunda.node.RotundaNode;
import org.rotunda.node.config.NodeConfiguration;
import org.rotunda.room.protocol.ParticipantSid;
import org.rotunda.room.protocol.RoomCommand;
import org.rotunda.room.protocol.RoomSid;
import org.rotunda.room.protocol.TrackSid;

/**
 * A further gateway of the cluster, which runs in the process of the test and owns no rooms. Tests use it for commands
 * that no client can send yet.
 */
final class RoomDoor implements AutoCloseable {
    private static final Duration ANSWER = Duration.ofSeconds(10);

    private final RotundaNode node;

    private RoomDoor(RotundaNode node) {
        this.node = node;
    }

    /** Starts the gateway, lets it join the cluster, and returns when it is ready. */
    static RoomDoor into(ClusterRig rig) {
        NodeFile file = NodeFile.of("door", List.of("gateway"));
        return new RoomDoor(RotundaNode.start(NodeConfiguration.file(rig.configure(file), Map.of())));
    }

    /** Asks the room to limit the layers of a track for one subscriber, and returns when the room has answered. */
    void limitLayers(String room, String subscriber, String track, LayerLimit layers) {
        node.rooms()
                .room(new RoomSid(room))
                .<StatusReply<Done>>ask(
                        replyTo -> new RoomCommand.LimitLayers(
                                new ParticipantSid(subscriber), new TrackSid(track), layers, replyTo),
                        ANSWER)
                .toCompletableFuture()
                .join();
    }

    @Override
    public void close() {
        node.close();
    }
}
