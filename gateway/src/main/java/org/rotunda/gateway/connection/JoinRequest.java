package org.rotunda.gateway.connection;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.pattern.StatusReply;
import org.jspecify.annotations.Nullable;
import org.rotunda.gateway.auth.AccessToken;
import org.rotunda.gateway.auth.NameFault;
import org.rotunda.gateway.signal.ClientMessage;
import org.rotunda.room.protocol.AccountSid;
import org.rotunda.room.protocol.RoomCommand;
import org.rotunda.room.protocol.RoomError;
import org.rotunda.room.protocol.RoomProperties;
import org.rotunda.room.protocol.RoomRefusal;
import org.rotunda.room.protocol.RoomSid;
import org.rotunda.room.protocol.RoomView;
import org.rotunda.room.protocol.Rooms;
import org.rotunda.room.protocol.SessionNotice;
import org.rotunda.room.protocol.TrackRule;

/**
 * A connect message and its valid token. Decides which room the client may join, and makes the command to that room. A
 * connect without a name means the room that the token is limited to. If the token is not limited to a room either, the
 * connect means a new room without a name.
 *
 * <p>A token that is limited to another room is refused with 53104. The code 20106 is only for a token with invalid
 * grants.
 */
record JoinRequest(AccessToken token, ClientMessage.Connect connect, Instant receivedAt) {

    /** Returns the reason why this connect cannot join any room, or null if there is no reason. */
    @Nullable
    RoomError refusal() {
        String name = wanted();
        NameFault fault = name == null ? null : NameFault.of(name);
        if (fault != null) {
            return switch (fault) {
                case EMPTY -> RoomError.ROOM_NAME_INVALID;
                case TOO_LONG -> RoomError.ROOM_NAME_TOO_LONG;
                case CHARS -> RoomError.ROOM_NAME_CHARS_INVALID;
            };
        }
        String only = token.room();
        if (only == null || only.equals(name)) {
            return null;
        }
        // If the client asks by name and the token contains a SID, or the reverse, both may mean the same room. Only a
        // look-up can tell.
        boolean mayMatch = name != null && RoomSid.isValid(name) != RoomSid.isValid(only);
        return mayMatch ? null : RoomError.ROOM_CONNECT_FAILED;
    }

    /** Returns the name or SID of the room that the client means, or null for a new room without a name. */
    private @Nullable String wanted() {
        return connect.name() == null ? token.room() : connect.name();
    }

    boolean isByName() {
        String name = wanted();
        return name == null || !RoomSid.isValid(name);
    }

    /** @param adHoc returns the properties of a new room; empty if a connect must not create a room of the account */
    CompletionStage<RoomView> room(Rooms rooms, Function<AccountSid, Optional<RoomProperties>> adHoc) {
        String name = Objects.requireNonNullElse(wanted(), "");
        String only = token.room();
        if (only != null && !only.equals(name)) {
            // A token must not create a room that it does not open.
            return existing(rooms, name, RoomError.ROOM_CONNECT_FAILED);
        }
        Optional<RoomProperties> properties = adHoc.apply(token.account());
        if (properties.isPresent()) {
            return rooms.findOrCreate(token.account(), name, properties.get());
        }
        return name.isEmpty()
                ? CompletableFuture.failedFuture(new RoomRefusal(RoomError.ROOM_CREATE_FAILED))
                : existing(rooms, name, isByName() ? RoomError.ROOM_CREATE_FAILED : RoomError.ROOM_NOT_FOUND);
    }

    private CompletionStage<RoomView> existing(Rooms rooms, String name, RoomError whenAbsent) {
        return rooms.find(token.account(), name)
                .exceptionallyCompose(failure -> CompletableFuture.failedFuture(
                        SessionFailures.of(failure) == RoomError.ROOM_NOT_FOUND
                                ? new RoomRefusal(whenAbsent)
                                : failure));
    }

    boolean isPermittedIn(RoomView room) {
        return token.opens(
                Objects.requireNonNullElse(wanted(), ""),
                room.uniqueName(),
                room.sid().value());
    }

    RoomCommand command(ActorRef<SessionNotice> session, ActorRef<StatusReply<SessionNotice.Connected>> replyTo) {
        List<TrackRule> rules = connect.subscribeRules();
        boolean receivesNothing = rules.equals(List.of(TrackRule.EXCLUDE_ALL));
        boolean isDefault = receivesNothing || rules.equals(List.of(TrackRule.INCLUDE_ALL));
        return new RoomCommand.Connect(
                token.account(),
                token.identity(),
                connect.participant(),
                !receivesNothing,
                isDefault ? List.of() : rules,
                connect.channels(),
                connect.bandwidthProfile(),
                connect.offer(),
                session,
                replyTo);
    }
}
