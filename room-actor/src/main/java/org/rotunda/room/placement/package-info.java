/**
 * The choice of the media node that carries a participant. Pure; callable from any thread.
 */
@NullMarked
package org.rotunda.room.placement;

import org.jspecify.annotations.NullMarked;
