package org.rotunda.gateway.connection;

import java.time.Clock;
import org.rotunda.gateway.auth.AccessTokens;
import org.rotunda.room.protocol.Rooms;

/** The parts that all sessions of a node share. */
public record SessionContext(
        SessionSettings settings, AccessTokens tokens, Rooms rooms, Clock clock, GatewayStatistics statistics) {}
