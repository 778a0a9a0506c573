package org.rotunda.room.call;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.rotunda.room.protocol.RoomInspection;
import org.rotunda.room.state.OpenRoom;
import org.rotunda.room.state.Participant;
import org.rotunda.room.state.Publication;

/** Describes a live call to operators. Owned by the conductor. */
final class RoomInspector {
    /**
     * The maximum number of participants that an answer lists. Without a limit, the answer about a large room would not
     * fit into one message between nodes.
     */
    static final int PARTICIPANTS_MAX = 500;

    /**
     * The maximum number of tracks that an answer lists for one participant. Without a limit, the answer about a large
     * room would not fit into one message between nodes.
     */
    static final int TRACKS_MAX = 8;

    private final LiveRoom live;
    private final CallPairs pairs;

    RoomInspector(LiveRoom live, CallPairs pairs) {
        this.live = live;
        this.pairs = pairs;
    }

    RoomInspection inspect(OpenRoom room) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("room", room.sid().value())
                .put("account", room.account().value())
                .put("name", room.uniqueName())
                .put("type", room.properties().type().name())
                .put("createdAt", room.createdAt().toString())
                .put("epoch", live.epoch())
                .put("participants", room.participants().size())
                .put("tracks", room.trackCount());
        ArrayNode members = node.putArray("members");
        room.participants().stream().limit(PARTICIPANTS_MAX).forEach(each -> inspect(each, members.addObject()));
        return new RoomInspection(node.toString());
    }

    private void inspect(Participant participant, ObjectNode node) {
        node.put("participant", participant.sid().value())
                .put("identity", participant.identity())
                .put("status", participant.status().name())
                .put("connectedAt", participant.connectedAt().toString());
        if (participant.reconnectDeadline() != null) {
            node.put("reconnectDeadline", participant.reconnectDeadline().toString());
        }
        ArrayNode tracks = node.putArray("tracks");
        participant.publications().stream().limit(TRACKS_MAX).forEach(track -> inspect(track, tracks.addObject()));
        Member member = live.members().get(participant.sid());
        if (member != null) {
            member.inspect(node, live.hasMediaServer());
            if (!live.hasMediaServer()) {
                pairs.inspect(participant.sid(), node.putObject("pairs"));
            }
        }
    }

    private static void inspect(Publication track, ObjectNode node) {
        node.put("track", track.sid().value()).put("kind", track.kind().name()).put("enabled", track.enabled());
    }
}
