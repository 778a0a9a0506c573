/**
 * The messages of signaling, in version 2 of Twilio's protocols. TCMP frames contain RSP messages as bodies. Pure;
 * callable from any thread.
 */
@NullMarked
package org.rotunda.gateway.signal;

import org.jspecify.annotations.NullMarked;
