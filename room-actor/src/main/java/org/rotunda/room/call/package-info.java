/**
 * The live half of a room: the conductor and its parts, which make sessions, transports and media nodes agree with the room's state. The
 * messages of media-signaling channels, which the server exchanges with clients over data channels, are made and handled here. Everything
 * here runs in the conductor's actor and never journals; what must survive is reported to the entity.
 */
@NullMarked
package org.rotunda.room.call;

import org.jspecify.annotations.NullMarked;
