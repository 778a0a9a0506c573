/**
 * RTP headers and header extensions as views over bytes (RFC 3550, RFC 8285). The classes are pure and may be called
 * from any thread.
 */
@NullMarked
package org.rotunda.media.rtp;

import org.jspecify.annotations.NullMarked;
