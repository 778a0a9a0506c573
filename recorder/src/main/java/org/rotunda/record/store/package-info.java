/**
 * The store: where finished media lives, in a directory or in a bucket of an S3 server (docs/store.md). {@link
 * org.rotunda.record.store.MediaStore} is the door. Everything that blocks runs on the threads of {@link
 * org.rotunda.record.store.PooledStore}, never on an event loop. What is decided (media URLs, ranges, retention, the
 * check of endpoints) is in pure classes beside it.
 */
@NullMarked
package org.rotunda.record.store;

import org.jspecify.annotations.NullMarked;
