/**
 * DTLS 1.2 server: admission of datagrams, handshake, records, and keying material for SRTP. The handshake runs on the
 * handshake pool. Everything else runs on the event loop that owns the transport.
 */
@NullMarked
package org.rotunda.media.dtls;

import org.jspecify.annotations.NullMarked;
