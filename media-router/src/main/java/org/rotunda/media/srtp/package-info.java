/** SRTP and SRTCP protection of one transport (RFC 3711, RFC 7714). Runs on the event loop that owns the transport. */
@NullMarked
package org.rotunda.media.srtp;

import org.jspecify.annotations.NullMarked;
