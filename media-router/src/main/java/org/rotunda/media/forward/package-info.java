/** Layer selection and per-subscriber rewriting of RTP streams. This code runs on the event loop that owns the room. */
@NullMarked
package org.rotunda.media.forward;

import org.jspecify.annotations.NullMarked;
