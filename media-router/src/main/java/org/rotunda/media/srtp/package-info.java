/** SRTP and SRTCP protection of one transport (RFC 3711, RFC 7714). Runs on the event loop that owns the room. */
@NullMarked
package org.rotunda.media.srtp;

import org.jspecify.annotations.NullMarked;
