/**
 * Payload descriptors of VP8, H.264 and Opus. Pure; callable from any thread.
 */
@NullMarked
package org.rotunda.media.codec;

import org.jspecify.annotations.NullMarked;
