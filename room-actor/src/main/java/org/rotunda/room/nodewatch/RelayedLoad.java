package org.rotunda.room.nodewatch;

import org.rotunda.room.placement.MediaNodeLoad;

/**
 * The load of a media node, passed on from one room node to the others.
 *
 * @param node the process of the media node
 */
public record RelayedLoad(NodeId node, MediaNodeLoad load) {}
