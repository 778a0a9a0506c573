package org.rotunda.record.store;

import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** The requests of {@link MediaStore}, which block the calling thread. Implementations are safe for several threads. */
interface ObjectStore extends AutoCloseable {
    StoredObject put(ObjectKey key, Path file, Optional<CustomerKey> encryption) throws StoreException;

    Optional<StoredObject> find(ObjectKey key) throws StoreException;

    long copy(ObjectKey key, Optional<ByteRange> range, OutputStream target) throws StoreException;

    void delete(ObjectKey key) throws StoreException;

    URI temporaryUrl(ObjectKey key, Duration ttl, ContentDisposition disposition) throws StoreException;

    @Override
    void close();
}
