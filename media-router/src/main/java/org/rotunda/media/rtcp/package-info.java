/**
 * RTCP packets as views over bytes (RFC 3550, RFC 4585, RFC 5104). Pure; callable from any thread.
 */
@NullMarked
package org.rotunda.media.rtcp;

import org.jspecify.annotations.NullMarked;
