/**
 * The store: where finished media lives, in a directory (docs/store.md). {@link org.rotunda.record.store.MediaStore} is
 * the door. Everything that blocks runs on the threads of {@link org.rotunda.record.store.PooledStore}, never on an event
 * loop. What is decided (media URLs, ranges, retention) is in pure classes beside it.
 */
@NullMarked
package org.rotunda.record.store;

import org.jspecify.annotations.NullMarked;
