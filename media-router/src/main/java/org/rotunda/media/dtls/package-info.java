/**
 * DTLS 1.2 server behind a facade: admission, handshake, records, and keying material for SRTP. The handshake runs on
 * the handshake pool, everything else on the event loop that owns the room.
 */
@NullMarked
package org.rotunda.media.dtls;

import org.jspecify.annotations.NullMarked;
