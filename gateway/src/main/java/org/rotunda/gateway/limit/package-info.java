/**
 * Limits on what a client may send. Pure; callable from any thread.
 */
@NullMarked
package org.rotunda.gateway.limit;

import org.jspecify.annotations.NullMarked;
