/**
 * Tables of rooms and participants for queries: the row that an entity writes before it replies, and the projection
 * that repairs such rows and writes all others. Database calls run on the blocking dispatcher.
 */
@NullMarked
package org.rotunda.room.readmodel;

import org.jspecify.annotations.NullMarked;
