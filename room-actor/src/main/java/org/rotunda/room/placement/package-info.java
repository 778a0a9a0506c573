/**
 * Which media node carries whom. Pure; callable from any thread.
 */
@NullMarked
package org.rotunda.room.placement;

import org.jspecify.annotations.NullMarked;
