/**
 * The media nodes of the cluster: the actor that represents one node's media router, and each process's directory of
 * the media nodes. Everything here runs on the actor dispatcher.
 */
@NullMarked
package org.rotunda.room.mediaplane;

import org.jspecify.annotations.NullMarked;
