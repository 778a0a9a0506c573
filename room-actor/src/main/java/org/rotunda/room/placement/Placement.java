package org.rotunda.room.placement;

/**
 * The place of a participant's media.
 *
 * @param mediaNode id of the media node, new with every start of the node; {@link #NO_MEDIA_NODE} in a room without a
 *     media server
 * @param connectionId id of the peer connection between the client and that node; in a room without a media server the
 *     id of the client's first connection, which the room closes
 */
public record Placement(String mediaNode, String connectionId) {
    /** Stands in place of a media node for a participant whose media goes from client to client. */
    public static final String NO_MEDIA_NODE = "";
}
