/**
 * The relay of descriptions and candidates between two clients that send media to each other. Pure: time and revisions
 * are arguments, output goes to a sink.
 */
@NullMarked
package org.rotunda.room.pair;

import org.jspecify.annotations.NullMarked;
