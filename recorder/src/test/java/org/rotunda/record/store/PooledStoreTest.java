package org.rotunda.record.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Tests the threads and the bounds of the store. */
class PooledStoreTest {
    private final Held held = new Held();

    /** Holds each request until the test lets it go on. */
    private static final class Held implements ObjectStore {
        private final CountDownLatch go = new CountDownLatch(1);
        private final CountDownLatch closed = new CountDownLatch(1);
        private final CompletableFuture<String> thread = new CompletableFuture<>();

        private void hold() throws StoreException {
            thread.complete(Thread.currentThread().getName());
            try {
                if (!go.await(30, TimeUnit.SECONDS)) {
                    throw new IllegalStateException("the test does not go on");
                }
            } catch (InterruptedException e) {
                throw new StoreException(StoreFailure.AWAY, "interrupted", e);
            }
        }

        @Override
        public StoredObject put(ObjectKey key, Path file, Optional<CustomerKey> encryption) throws StoreException {
            hold();
            throw new StoreException(StoreFailure.FULL, "full", null);
        }

        @Override
        public Optional<StoredObject> find(ObjectKey key) throws StoreException {
            hold();
            return Optional.empty();
        }

        @Override
        public long copy(ObjectKey key, Optional<ByteRange> range, OutputStream target) throws StoreException {
            hold();
            return 0;
        }

        @Override
        public void delete(ObjectKey key) throws StoreException {
            hold();
        }

        @Override
        public URI temporaryUrl(ObjectKey key, Duration ttl, ContentDisposition disposition) {
            throw new IllegalStateException("a fault");
        }

        @Override
        public void close() {
            closed.countDown();
        }
    }

    private static void failsWith(StoreFailure failure, CompletableFuture<?> result) {
        assertThatThrownBy(() -> result.get(30, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOfSatisfying(
                        StoreException.class,
                        thrown -> assertThat(thrown.failure()).isEqualTo(failure));
    }

    @Test
    void requestsRunOnThreadsOfTheStore() throws Exception {
        try (PooledStore store = PooledStore.of(held, 1, 1)) {
            var found = store.find(Keys.RECORDING).toCompletableFuture();
            assertThat(held.thread.get(30, TimeUnit.SECONDS)).startsWith("store-");
            assertThat(found).isNotDone();
            held.go.countDown();
            assertThat(found.get(30, TimeUnit.SECONDS)).isEmpty();
        }
    }

    @Test
    void aFailureReachesTheCaller() {
        held.go.countDown();
        try (PooledStore store = PooledStore.of(held, 1, 2)) {
            failsWith(
                    StoreFailure.FULL,
                    store.put(Keys.RECORDING, Path.of("x"), Optional.empty()).toCompletableFuture());
            assertThatThrownBy(() -> store.temporaryUrl(
                                    Keys.RECORDING,
                                    Duration.ofSeconds(1),
                                    ContentDisposition.attachmentOf(Keys.RECORDING))
                            .toCompletableFuture()
                            .get(30, TimeUnit.SECONDS))
                    .hasCauseInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void aRequestBeyondTheQueueIsRefusedAtOnce() throws Exception {
        try (PooledStore store = PooledStore.of(held, 1, 1)) {
            var running = store.delete(Keys.RECORDING).toCompletableFuture();
            held.thread.get(30, TimeUnit.SECONDS);
            var waiting = store.delete(Keys.RECORDING).toCompletableFuture();
            var refused = store.delete(Keys.RECORDING).toCompletableFuture();
            assertThat(refused).isDone();
            failsWith(StoreFailure.BUSY, refused);
            held.go.countDown();
            for (var admitted : List.of(running, waiting)) {
                admitted.get(30, TimeUnit.SECONDS);
            }
        }
    }

    @Test
    void closeRefusesWhatWaitsAndLetsTheRestEnd() throws Exception {
        PooledStore store = PooledStore.of(held, 1, 1);
        var running = store.delete(Keys.RECORDING).toCompletableFuture();
        held.thread.get(30, TimeUnit.SECONDS);
        var waiting = store.delete(Keys.RECORDING).toCompletableFuture();
        store.close();
        failsWith(StoreFailure.BUSY, waiting);
        failsWith(StoreFailure.BUSY, store.delete(Keys.RECORDING).toCompletableFuture());
        assertThat(running).isNotDone();
        assertThat(held.closed.getCount()).isEqualTo(1);
        held.go.countDown();
        running.get(30, TimeUnit.SECONDS);
        assertThat(held.closed.await(30, TimeUnit.SECONDS)).isTrue();
    }
}
