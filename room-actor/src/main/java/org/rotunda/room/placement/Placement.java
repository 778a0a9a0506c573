package org.rotunda.room.placement;

/**
 * The place of a participant's media.
 *
 * @param mediaNode id of the media node, new with every start of the node
 * @param connectionId id of the peer connection between the client and that node
 */
public record Placement(String mediaNode, String connectionId) {}
