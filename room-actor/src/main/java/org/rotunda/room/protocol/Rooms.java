package org.rotunda.room.protocol;

import java.util.concurrent.CompletionStage;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityRef;

/**
 * Access to rooms by SID and by name. Safe to call from any thread; never blocks. Stages fail with a
 * {@link RoomRefusal}, or with a time-out when a room does not answer.
 */
public interface Rooms {

    /**
     * Returns the entity of a room, wherever it runs in the cluster. Also returns an entity for a SID that no room has.
     */
    EntityRef<RoomCommand> room(RoomSid sid);

    /**
     * Creates a room. Fails with {@link RoomError#ROOM_EXISTS} if an in-progress room of the account has the name.
     *
     * @param uniqueName empty for a room that is named by its SID
     */
    CompletionStage<RoomView> create(AccountSid account, String uniqueName, RoomProperties properties);

    /**
     * Finds the in-progress room of that name, or the room of that SID in any state. Fails with
     * {@link RoomError#ROOM_NOT_FOUND}, also for a room of another account.
     */
    CompletionStage<RoomView> find(AccountSid account, String nameOrSid);

    /**
     * Finds the in-progress room for a connect with this name or SID, or creates a room with the ad-hoc properties.
     *
     * @param nameOrSid a name, or the SID of an existing room; empty creates a room that is named by its SID
     */
    CompletionStage<RoomView> findOrCreate(AccountSid account, String nameOrSid);

    /**
     * Describes a room and its live call to operators. Fails with {@link RoomError#ROOM_NOT_FOUND} or
     * {@link RoomError#ROOM_COMPLETED}.
     */
    CompletionStage<RoomInspection> inspect(RoomSid sid);

    /**
     * Returns whether the database is known to be away. Until it is back, every stage above fails with
     * {@link RoomError#BUSY} at once.
     */
    boolean isAway();
}
