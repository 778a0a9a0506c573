/**
 * Sockets, event loops, timers and the real clock: the shell around the sans-IO core. Runs on the media event loops
 * and on the bounded handshake pool.
 */
@NullMarked
package org.rotunda.media.net;

import org.jspecify.annotations.NullMarked;
