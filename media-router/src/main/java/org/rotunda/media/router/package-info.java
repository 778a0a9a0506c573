/**
 * Rooms on this node: publications, subscriptions and fan-out. A consumer of packets that is not a client, for example
 * a recorder in a module of its own, takes them here beside the subscriptions. A machine that concerns a whole room,
 * for example one that compares the audio levels of its speakers, is a package of its own that a room here owns. Runs
 * on the event loop that owns the room.
 */
@NullMarked
package org.rotunda.media.router;

import org.jspecify.annotations.NullMarked;
