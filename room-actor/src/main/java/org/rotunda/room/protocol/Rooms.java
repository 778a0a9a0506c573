package org.rotunda.room.protocol;

import java.util.concurrent.CompletionStage;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityRef;

/**
 * The way to rooms by SID and by name. Safe to call from any thread; never blocks. Stages fail with a {@link RoomRefusal}, or with
 * a time-out when a room does not answer.
 */
public interface Rooms {

    /** The entity of a room, wherever in the cluster it lives; also for SIDs that no room has. */
    EntityRef<RoomCommand> room(RoomSid sid);

    /**
     * Creates a room. Fails with {@link RoomError#ROOM_EXISTS} if an in-progress room of the account has the name.
     *
     * @param uniqueName empty for a room that is named by its SID
     */
    CompletionStage<RoomView> create(AccountSid account, String uniqueName, RoomProperties properties);

    /**
     * The in-progress room of that name, or the room of that SID whatever its state. Fails with {@link RoomError#ROOM_NOT_FOUND};
     * a room of another account is not found.
     */
    CompletionStage<RoomView> find(AccountSid account, String nameOrSid);

    /**
     * The room a connect by this name or SID goes to: the in-progress one, or one created now with the ad-hoc properties.
     *
     * @param nameOrSid empty makes a fresh room named by its SID; a SID is never created
     */
    CompletionStage<RoomView> findOrCreate(AccountSid account, String nameOrSid);

    /**
     * Describes a room and its live call to operators. Fails with {@link RoomError#ROOM_NOT_FOUND} or {@link RoomError#ROOM_COMPLETED}.
     */
    CompletionStage<RoomInspection> inspect(RoomSid sid);

    /** Whether the database is known to be away: until it is back, everything above is refused with {@link RoomError#BUSY} at once. */
    boolean isAway();
}
