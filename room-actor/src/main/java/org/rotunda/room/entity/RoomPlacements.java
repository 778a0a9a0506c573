package org.rotunda.room.entity;

import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.rotunda.room.placement.MediaNodeLoad;
import org.rotunda.room.placement.Placement;
import org.rotunda.room.state.OpenRoom;
import org.rotunda.room.state.Participant;
import org.rotunda.room.state.RandomIds;
import org.rotunda.room.state.RoomEvent;
import org.rotunda.room.state.RoomEvent.ParticipantMoved;

/**
 * The choice of media nodes for the participants of one room. {@link #moveIfLost} adds the move to the process's {@code
 * Placements}, so that many moves at once do not all go to the node that was least loaded before them; who uses another
 * choice adds it there when it is made. Owned by the room's entity.
 */
final class RoomPlacements {
    private final RoomEnvironment environment;
    private final BooleanSupplier knowsMediaNodes;

    /** @param knowsMediaNodes whether a missing media node counts as lost */
    RoomPlacements(RoomEnvironment environment, BooleanSupplier knowsMediaNodes) {
        this.environment = environment;
        this.knowsMediaNodes = knowsMediaNodes;
    }

    /** Returns the present media node of the participant if that node is live, or else another media node. */
    Optional<String> stayOrChoose(OpenRoom room, Participant participant) {
        String current = participant.placement().mediaNode();
        return environment.mediaNodes().find(current).isPresent() ? Optional.of(current) : choose(room, Set.of());
    }

    /** Returns the media node of a participant who joins, or empty if no node takes one. */
    Optional<String> ofJoin(OpenRoom room) {
        return room.properties().hasMediaServer() ? choose(room, Set.of()) : Optional.of(Placement.NO_MEDIA_NODE);
    }

    /** Returns the best media node that is not avoided, or empty if there is none. */
    Optional<String> choose(OpenRoom room, Set<String> avoided) {
        return environment
                .placements()
                .choose(
                        environment.mediaNodes().live().stream()
                                .filter(node -> !avoided.contains(node.id()))
                                .toList(),
                        room.participants().stream()
                                .map(participant -> participant.placement().mediaNode())
                                .collect(Collectors.toUnmodifiableSet()));
    }

    /**
     * Returns the media node to which participants move, or empty if there is none. Media is forwarded only within one
     * node, so they go to the node on which others of the room are already.
     *
     * @param target the node that is wanted; null if every node is as good
     */
    Optional<String> ofMove(OpenRoom room, Set<String> avoided, @Nullable String target) {
        Set<String> open = environment.mediaNodes().live().stream()
                .filter(node -> !node.draining() && !avoided.contains(node.id()))
                .map(MediaNodeLoad::id)
                .collect(Collectors.toUnmodifiableSet());
        boolean isElsewhere = room.participants().stream()
                .anyMatch(participant -> open.contains(participant.placement().mediaNode()));
        return target != null && open.contains(target) && !isElsewhere ? Optional.of(target) : choose(room, avoided);
    }

    /** Returns the participant's move to a new connection, if its media node is lost and another node is live. */
    Optional<RoomEvent> moveIfLost(OpenRoom room, Participant participant, Instant now) {
        if (!room.properties().hasMediaServer()
                || !knowsMediaNodes.getAsBoolean()
                || environment
                        .mediaNodes()
                        .find(participant.placement().mediaNode())
                        .isPresent()) {
            return Optional.empty();
        }
        return choose(room, Set.of()).map(node -> {
            environment.placements().onPlaced(node, 1);
            return new ParticipantMoved(participant.sid(), freshConnection(node), now);
        });
    }

    Placement freshConnection(String mediaNode) {
        return new Placement(mediaNode, RandomIds.uuid(environment.random()));
    }
}
