/**
 * The actor that speaks for a node's media router in the cluster. Runs on the actor dispatcher.
 */
@NullMarked
package org.rotunda.room.mediaplane;

import org.jspecify.annotations.NullMarked;
