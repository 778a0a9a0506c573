/**
 * SCTP association and data channels of one transport (RFC 9260, 3758, 6525, 8831, 8832). Runs on the event loop that
 * owns the transport.
 */
@NullMarked
package org.rotunda.media.sctp;

import org.jspecify.annotations.NullMarked;
