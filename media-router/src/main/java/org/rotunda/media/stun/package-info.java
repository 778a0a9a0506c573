/**
 * STUN messages as views over bytes (RFC 8489). Pure; callable from any thread.
 */
@NullMarked
package org.rotunda.media.stun;

import org.jspecify.annotations.NullMarked;
