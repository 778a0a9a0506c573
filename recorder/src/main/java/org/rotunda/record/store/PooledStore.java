package org.rotunda.record.store;

import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Runs the requests to a store on threads of its own, with a bounded queue before them. */
public final class PooledStore implements MediaStore {
    /** The threads of a store. Each of them may hold one upload, and with it a buffer for a part of the file. */
    static final int THREADS = 4;

    /** The requests that may wait: an hour's recordings of a full recorder, whose files stay in the spool meanwhile. */
    static final int WAITING_MAX = 1_000;

    private static final long IDLE_SECONDS = 30;

    private final ObjectStore store;
    private final ThreadPoolExecutor threads;

    private PooledStore(ObjectStore store, int threadCount, int waitingMax) {
        this.store = store;
        threads = new Threads(store, threadCount, waitingMax);
        threads.allowCoreThreadTimeOut(true);
    }

    /** Opens a store in a directory. */
    public static MediaStore ofFiles(FileStore store) {
        return new PooledStore(store, THREADS, WAITING_MAX);
    }

    static PooledStore of(ObjectStore store, int threadCount, int waitingMax) {
        return new PooledStore(store, threadCount, waitingMax);
    }

    @Override
    public CompletionStage<StoredObject> put(ObjectKey key, Path file, Optional<CustomerKey> encryption) {
        return run(() -> store.put(key, file, encryption));
    }

    @Override
    public CompletionStage<Optional<StoredObject>> find(ObjectKey key) {
        return run(() -> store.find(key));
    }

    @Override
    public CompletionStage<Long> copy(ObjectKey key, Optional<ByteRange> range, OutputStream target) {
        return run(() -> store.copy(key, range, target));
    }

    @Override
    public CompletionStage<ObjectKey> delete(ObjectKey key) {
        return run(() -> {
            store.delete(key);
            return key;
        });
    }

    @Override
    public CompletionStage<URI> temporaryUrl(ObjectKey key, Duration ttl, ContentDisposition disposition) {
        return run(() -> store.temporaryUrl(key, ttl, disposition));
    }

    @Override
    public void close() {
        List<Runnable> waiting = new ArrayList<>();
        threads.getQueue().drainTo(waiting);
        threads.shutdown(); // The pool closes the store when the last request has ended.
        for (Runnable request : waiting) {
            ((Request<?>) request).refuse();
        }
    }

    private <T> CompletionStage<T> run(Work<T> work) {
        Request<T> request = new Request<>(work);
        try {
            threads.execute(request);
        } catch (RejectedExecutionException full) {
            request.refuse();
        }
        return request.result.minimalCompletionStage();
    }

    /** A request to the store, which blocks. */
    private interface Work<T> {
        T run() throws StoreException;
    }

    /** A request that waits or runs, and its result. */
    private static final class Request<T> implements Runnable {
        private final Work<T> work;
        private final CompletableFuture<T> result = new CompletableFuture<>();

        Request(Work<T> work) {
            this.work = work;
        }

        @Override
        public void run() {
            try {
                result.complete(work.run());
            } catch (StoreException | RuntimeException | Error failure) {
                result.completeExceptionally(failure);
            }
        }

        void refuse() {
            result.completeExceptionally(new StoreException(
                    StoreFailure.BUSY, "too many requests wait for the store, or it is closed", null));
        }
    }

    /** The threads, which close the store when the last of them has ended. */
    private static final class Threads extends ThreadPoolExecutor {
        private final ObjectStore store;

        Threads(ObjectStore store, int threadCount, int waitingMax) {
            super(
                    threadCount,
                    threadCount,
                    IDLE_SECONDS,
                    TimeUnit.SECONDS,
                    new ArrayBlockingQueue<>(waitingMax),
                    new Names());
            this.store = store;
        }

        @Override
        protected void terminated() {
            store.close();
        }
    }

    /** Names the threads. */
    private static final class Names implements ThreadFactory {
        private final AtomicInteger count = new AtomicInteger();

        @Override
        public Thread newThread(Runnable task) {
            return new Thread(task, "store-" + count.incrementAndGet());
        }
    }
}
