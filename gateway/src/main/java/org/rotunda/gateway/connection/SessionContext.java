package org.rotunda.gateway.connection;

import java.time.Clock;
import java.util.Optional;
import java.util.function.Function;
import org.rotunda.gateway.auth.AccessTokens;
import org.rotunda.gateway.limit.RequestLimits;
import org.rotunda.room.protocol.AccountSid;
import org.rotunda.room.protocol.RoomProperties;
import org.rotunda.room.protocol.Rooms;

/**
 * The parts that all sessions of a node share.
 *
 * @param adHoc returns the properties of a room that a connect creates; empty if a connect must not create a room of
 *     the account
 */
public record SessionContext(
        SessionSettings settings,
        AccessTokens tokens,
        Rooms rooms,
        Function<AccountSid, Optional<RoomProperties>> adHoc,
        RequestLimits limits,
        Clock clock,
        GatewayStatistics statistics) {}
