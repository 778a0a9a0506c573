/** Payload descriptors of VP8, H.264 and Opus. The classes are pure and may be called from any thread. */
@NullMarked
package org.rotunda.media.codec;

import org.jspecify.annotations.NullMarked;
