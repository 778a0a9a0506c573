/**
 * Which nodes are there and whether this one may speak for its rooms. Runs on the actor dispatcher.
 */
@NullMarked
package org.rotunda.room.nodewatch;

import org.jspecify.annotations.NullMarked;
