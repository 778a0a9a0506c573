/** Deadlines of the sans-IO machines. The classes are pure and may be called from any thread. */
@NullMarked
package org.rotunda.media.time;

import org.jspecify.annotations.NullMarked;
