package org.rotunda.gateway.auth;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.rotunda.room.protocol.AccountSid;

/**
 * What a valid access token says.
 *
 * @param room name or SID of the only room it opens; null opens any room
 */
public record AccessToken(
        AccountSid account, String identity, @Nullable String room, Instant expiresAt) {

    /** Whether the token opens the room that was asked for by {@code requested} and has this name and SID. */
    public boolean opens(String requested, String roomName, String roomSid) {
        return room == null || room.equals(requested) || room.equals(roomName) || room.equals(roomSid);
    }
}
