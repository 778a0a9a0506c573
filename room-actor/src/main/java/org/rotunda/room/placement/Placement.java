package org.rotunda.room.placement;

/**
 * Where a participant's media is.
 *
 * @param mediaNode id of the media node, new with every start of the node
 * @param connectionId of the peer connection that the node ends
 */
public record Placement(String mediaNode, String connectionId) {}
