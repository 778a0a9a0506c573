package org.rotunda.room.protocol;

import java.util.concurrent.CompletionStage;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityRef;

/**
 * Access to rooms by SID and by name. Safe to call from any thread; never blocks. Stages fail with a
 * {@link RoomRefusal}, or with a time-out when a room does not answer.
 */
public interface Rooms {

    /**
     * Returns a reference to the entity of a room, wherever it runs in the cluster. The reference exists even if no
     * room has this SID.
     */
    EntityRef<RoomCommand> room(RoomSid sid);

    /**
     * Creates a room. The stage fails with {@link RoomError#ROOM_EXISTS} if an in-progress room of the account has the
     * name.
     *
     * @param uniqueName empty for a room that is named by its SID
     */
    CompletionStage<RoomView> create(AccountSid account, String uniqueName, RoomProperties properties);

    /**
     * Creates a room in a try that the caller can repeat. If the attempt is a repeat, and the earlier try has created
     * the room, this room is the result. A room with other properties than the requested ones is never the result.
     */
    CompletionStage<RoomView> create(
            AccountSid account, String uniqueName, RoomProperties properties, CreateAttempt attempt);

    /**
     * Finds the in-progress room with this name, or the room with this SID in any state. If the account has no such
     * room, the stage fails with {@link RoomError#ROOM_NOT_FOUND}.
     */
    CompletionStage<RoomView> find(AccountSid account, String nameOrSid);

    /**
     * Finds the in-progress room with this name or SID for a connect, or creates a room.
     *
     * @param nameOrSid a name, or the SID of an existing room; empty creates a room that is named by its SID
     * @param properties the properties of a new room
     */
    CompletionStage<RoomView> findOrCreate(AccountSid account, String nameOrSid, RoomProperties properties);

    /**
     * Returns whether the account has, or had, a room with this SID. This question starts no entity, so callers ask it
     * before they send a command to a room whose SID a client has named.
     */
    CompletionStage<Boolean> isRoomOf(AccountSid account, RoomSid sid);

    /**
     * Describes a room and its live call to operators. The stage fails with {@link RoomError#ROOM_NOT_FOUND} if there
     * is no such room, and with {@link RoomError#ROOM_COMPLETED} if the room has ended.
     */
    CompletionStage<RoomInspection> inspect(RoomSid sid);

    /**
     * Returns whether the database is known to be away. Until the database is back, every operation that returns a
     * stage fails with {@link RoomError#BUSY} at once.
     */
    boolean isAway();
}
