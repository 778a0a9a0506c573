/**
 * Tables of rooms and participants for queries: the rows an entity writes before it replies, and the projection that
 * repairs them. Database calls run on the blocking dispatcher.
 */
@NullMarked
package org.rotunda.room.readmodel;

import org.jspecify.annotations.NullMarked;
