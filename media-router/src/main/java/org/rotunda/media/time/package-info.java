/**
 * Deadlines, the one notion of time that all machines share. Pure; callable from any thread.
 */
@NullMarked
package org.rotunda.media.time;

import org.jspecify.annotations.NullMarked;
