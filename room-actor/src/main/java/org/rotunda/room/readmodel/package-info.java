/**
 * The database tables of rooms and participants for queries. A room's entity writes its own row before it replies. The
 * projection repairs such rows and writes all other rows. Database calls run on the blocking dispatcher.
 */
@NullMarked
package org.rotunda.room.readmodel;

import org.jspecify.annotations.NullMarked;
