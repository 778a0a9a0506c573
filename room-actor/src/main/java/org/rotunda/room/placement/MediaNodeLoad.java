package org.rotunda.room.placement;

/**
 * What a media node says of itself.
 *
 * @param id names the node and this start of it
 * @param draining takes no new participants
 */
public record MediaNodeLoad(String id, int transports, boolean draining) {}
