/**
 * The media-signaling channels: their JSON messages, and one machine for each kind of channel. A client names the
 * channels that it wants in its {@code connect}; each granted channel is a data channel of its media connection. The
 * machines know what one client has said and was told. Nothing here sends anything, and time is an argument.
 */
@NullMarked
package org.rotunda.room.signal;

import org.jspecify.annotations.NullMarked;
