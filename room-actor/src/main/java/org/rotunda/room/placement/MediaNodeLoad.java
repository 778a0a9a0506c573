package org.rotunda.room.placement;

/**
 * The load of a media node as the node itself reports it.
 *
 * @param id the id of the node, new with every start
 * @param draining true if the node accepts no new participants
 */
public record MediaNodeLoad(String id, int transports, boolean draining) {}
