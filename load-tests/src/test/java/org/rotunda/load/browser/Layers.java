package org.rotunda.load.browser;

import java.time.Duration;
import org.apache.pekko.Done;
import org.apache.pekko.pattern.StatusReply;
import org.rotunda.media.control.LayerLimit;
import org.rotunda.node.RotundaNode;
import org.rotunda.room.protocol.ParticipantSid;
import org.rotunda.room.protocol.RoomCommand;
import org.rotunda.room.protocol.RoomSid;
import org.rotunda.room.protocol.TrackSid;

/** Limits the simulcast layers that the router sends to a subscriber, for tests. */
public final class Layers {
    private static final Duration ANSWER = Duration.ofSeconds(5);

    private Layers() {}

    /** Sends the room the command that limits the layers of a track for one subscriber. */
    public static void limit(
            RotundaNode node, String roomSid, String subscriberSid, String trackSid, LayerLimit layers) {
        node.rooms()
                .room(new RoomSid(roomSid))
                .<StatusReply<Done>>ask(
                        replyTo -> new RoomCommand.LimitLayers(
                                new ParticipantSid(subscriberSid), new TrackSid(trackSid), layers, replyTo),
                        ANSWER)
                .toCompletableFuture()
                .join();
    }
}
