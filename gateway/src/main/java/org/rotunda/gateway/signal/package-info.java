/**
 * Signaling wire messages: TCMP version 2 frames and RSP version 2 bodies. Pure; callable from any thread.
 */
@NullMarked
package org.rotunda.gateway.signal;

import org.jspecify.annotations.NullMarked;
