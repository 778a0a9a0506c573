/** STUN messages as views over bytes (RFC 8489). The classes are pure and may be called from any thread. */
@NullMarked
package org.rotunda.media.stun;

import org.jspecify.annotations.NullMarked;
