package org.rotunda.gateway.auth;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.rotunda.room.protocol.AccountSid;

/**
 * The content of a valid access token.
 *
 * @param room name or SID of the only room that the token opens; null opens any room
 */
public record AccessToken(
        AccountSid account, String identity, @Nullable String room, Instant expiresAt) {

    /**
     * Returns whether the token opens a room.
     *
     * @param requested the name or SID by which the client asked for the room
     */
    public boolean opens(String requested, String roomName, String roomSid) {
        return room == null || room.equals(requested) || room.equals(roomName) || room.equals(roomSid);
    }
}
