/**
 * RTCP packets as views over bytes (RFC 3550, RFC 4585, RFC 5104). The classes are pure and may be called from any
 * thread.
 */
@NullMarked
package org.rotunda.media.rtcp;

import org.jspecify.annotations.NullMarked;
