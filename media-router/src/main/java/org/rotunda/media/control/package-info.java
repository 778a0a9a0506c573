/**
 * The only way into the media plane. The package takes commands and reports events. It uses only its own types and
 * types of the JDK. Any thread may call it; events arrive on the event loop that owns the transport.
 */
@NullMarked
package org.rotunda.media.control;

import org.jspecify.annotations.NullMarked;
