/**
 * Session descriptions and the negotiation machine of one peer connection (RFC 3264, 8866, 9429). Runs on the event
 * loop that owns the transport.
 */
@NullMarked
package org.rotunda.media.sdp;

import org.jspecify.annotations.NullMarked;
