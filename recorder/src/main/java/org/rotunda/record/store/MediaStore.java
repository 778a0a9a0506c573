package org.rotunda.record.store;

import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * The store of finished media. Its methods return at once and may be called from any thread, event loops as well. The
 * stages complete on a thread of the store, and fail with a {@link StoreException}; a stage that continues with work of
 * its own names an executor for it.
 *
 * <p>Every request may be repeated: a second put of a file replaces the object, and a second delete finds nothing to
 * do.
 */
public interface MediaStore extends AutoCloseable {
    /**
     * Stores a file. The stage completes when the object is durable and its checksum is the one that the bytes of the
     * file have; only then may the file be deleted.
     *
     * @param file the file, which must not change meanwhile
     * @param encryption the key of the customer, if the object is to be encrypted; each put makes a new content key
     */
    CompletionStage<StoredObject> put(ObjectKey key, Path file, Optional<CustomerKey> encryption);

    /** Describes an object. The stage has no value if the object does not exist. */
    CompletionStage<Optional<StoredObject>> find(ObjectKey key);

    /**
     * Writes stored bytes to a stream, which is neither flushed nor closed, and completes with their number. A slow
     * stream holds a thread of the store.
     *
     * @param range the part of the object, or nothing for all of it
     */
    CompletionStage<Long> copy(ObjectKey key, Optional<ByteRange> range, OutputStream target);

    /** Deletes an object, and completes with its key. That the object does not exist is no failure. */
    CompletionStage<ObjectKey> delete(ObjectKey key);

    /**
     * Returns a URL that needs no credentials until the time is over. The store is not asked whether the object
     * exists.
     */
    CompletionStage<URI> temporaryUrl(ObjectKey key, Duration ttl, ContentDisposition disposition);

    /**
     * Fails the requests that wait as {@link StoreFailure#BUSY}. Does not wait for those that have begun; the store
     * closes after the last of them.
     */
    @Override
    void close();
}
