/** Layer selection and per-subscriber rewriting of RTP streams. This code runs on the event loop that owns the transport. */
@NullMarked
package org.rotunda.media.forward;

import org.jspecify.annotations.NullMarked;
