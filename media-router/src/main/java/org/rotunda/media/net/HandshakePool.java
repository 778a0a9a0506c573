package org.rotunda.media.net;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.bouncycastle.tls.DatagramTransport;
import org.bouncycastle.tls.TlsTimeoutException;
import org.jspecify.annotations.Nullable;
import org.rotunda.media.dtls.DtlsAdmission;
import org.rotunda.media.dtls.DtlsCloseReason;
import org.rotunda.media.dtls.DtlsHandshakeResult;
import org.rotunda.media.dtls.DtlsHandshakes;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The threads on which blocking DTLS handshakes run. The number of threads is bounded, and each handshake has a
 * deadline. The handshakes of one address get at most half of the threads, and so do the handshakes of one room.
 *
 * <p>A new handshake may find the pool full, or the share of its address, or the share of its room. Then the oldest
 * silent handshake in that pool or share is cancelled as if its deadline had passed. A handshake is silent if its
 * client has sent nothing new for a second. If none is silent, the new handshake is refused and counted. The client's
 * retransmitted ClientHello then starts another attempt. Any thread may call the pool.
 */
public final class HandshakePool implements DtlsHandshakes, AutoCloseable {
    public static final int THREADS_MAX = 64;
    public static final Duration HANDSHAKE_TIMEOUT = Duration.ofSeconds(10);

    /**
     * The maximum number of datagrams that may wait for one handshake. The number is enough for several flights of a
     * client with a large certificate.
     */
    static final int QUEUED_DATAGRAMS_MAX = 32;

    private static final Logger LOG = LoggerFactory.getLogger(HandshakePool.class);
    private static final long IDLE_THREAD_SECONDS = 30;
    private static final byte[] CANCELLED = {};
    private static final DtlsHandshakeResult ABANDONED =
            new DtlsHandshakeResult.Failed(DtlsCloseReason.HANDSHAKE_FAILED);

    /**
     * The time without a new message after which a client counts as silent. A client normally answers within a round
     * trip. A client that hears nothing repeats its last messages several times in a second.
     */
    static final Duration SILENCE = Duration.ofSeconds(1);

    private final ThreadPoolExecutor threads;
    private final int threadsMax;
    private final int shareMax;
    private final int timeoutMillis;
    private final long silenceNanos;
    // The oldest handshake comes first. The monitor of this set is held only when a handshake begins or ends, for a
    // walk over at most threadsMax entries, and never for a packet.
    private final Set<Handshake> running = new LinkedHashSet<>();
    private final AtomicLong refusals = new AtomicLong();
    private final AtomicLong givenWay = new AtomicLong();

    public HandshakePool() {
        this(THREADS_MAX, HANDSHAKE_TIMEOUT);
    }

    public HandshakePool(int threadsMax, Duration timeout) {
        this(threadsMax, timeout, SILENCE);
    }

    HandshakePool(int threadsMax, Duration timeout, Duration silence) {
        this.threadsMax = threadsMax;
        shareMax = Math.max(1, threadsMax / 2);
        silenceNanos = silence.toNanos();
        timeoutMillis = Math.toIntExact(timeout.toMillis());
        AtomicInteger number = new AtomicInteger();
        threads = new ThreadPoolExecutor(
                // The factor is 2 because a cancelled handshake still has its thread for a moment when the new
                // handshake needs a thread.
                0, 2 * threadsMax, IDLE_THREAD_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(), task -> {
                    Thread thread = new Thread(task, "dtls-handshake-" + number.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
    }

    @Override
    public @Nullable Running start(Job job, @Nullable Origin origin, Executor owner) {
        Handshake handshake = new Handshake(job, origin, owner);
        if (!admit(handshake)) {
            refusals.incrementAndGet();
            return null;
        }
        try {
            threads.execute(handshake);
            return handshake;
        } catch (RejectedExecutionException e) {
            leave(handshake);
            refusals.incrementAndGet();
            return null;
        }
    }

    private boolean admit(Handshake next) {
        long nowNanos = System.nanoTime();
        Origin origin = next.origin;
        synchronized (running) {
            boolean isAdmitted = (origin == null
                            || (hasPlace(other -> other.isOf(origin.address()), shareMax, nowNanos)
                                    && hasPlace(other -> other.isOf(origin.room()), shareMax, nowNanos)))
                    && hasPlace(other -> true, threadsMax, nowNanos);
            return isAdmitted && running.add(next);
        }
    }

    /**
     * Returns whether the group has a place for one more handshake. If the group has {@code handshakesMax} handshakes,
     * its oldest silent handshake is cancelled to make a place.
     */
    private boolean hasPlace(Predicate<Handshake> group, int handshakesMax, long nowNanos) {
        int count = 0;
        Handshake oldestSilent = null;
        for (Handshake other : running) {
            if (group.test(other)) {
                count++;
                if (oldestSilent == null && nowNanos - other.heardNanos >= silenceNanos) {
                    oldestSilent = other;
                }
            }
        }
        if (count < handshakesMax) {
            return true;
        }
        if (oldestSilent == null) {
            return false;
        }
        running.remove(oldestSilent);
        oldestSilent.cancel();
        givenWay.incrementAndGet();
        return true;
    }

    private void leave(Handshake handshake) {
        synchronized (running) {
            running.remove(handshake);
        }
    }

    /** The number of handshakes that run now. */
    public int active() {
        return threads.getActiveCount();
    }

    /** The number of handshakes that were cancelled for newer handshakes, because their clients were silent. */
    public long givenWay() {
        return givenWay.get();
    }

    /**
     * The number of handshakes refused because the pool, the share of the address or the share of the room was full.
     */
    public long refusals() {
        return refusals.get();
    }

    /** Ends running handshakes. Later handshakes are refused. */
    @Override
    public void close() {
        threads.shutdownNow();
    }

    /** One handshake and its blocking datagram transport. */
    private final class Handshake implements Running, Runnable, DatagramTransport {
        private final Job job;
        private final @Nullable Origin origin;
        private final Executor owner;
        private final BlockingQueue<byte[]> inbox = new ArrayBlockingQueue<>(QUEUED_DATAGRAMS_MAX);
        private final long deadlineNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
        private volatile boolean cancelled;
        private volatile long heardNanos = System.nanoTime(); // The arrival time of the client's last new message.
        private int nextMessage; // The lowest message number that counts as new. Used by the loop.

        Handshake(Job job, @Nullable Origin origin, Executor owner) {
            this.job = job;
            this.origin = origin;
            this.owner = owner;
        }

        boolean isOf(Object addressOrRoom) {
            return origin != null && (addressOrRoom.equals(origin.address()) || addressOrRoom.equals(origin.room()));
        }

        @Override
        public void run() {
            DtlsHandshakeResult result = ABANDONED;
            try {
                result = job.run(this, timeoutMillis);
            } finally { // The DtlsTransport must get a result even if the job throws.
                leave(this);
                finish(result);
            }
        }

        private void finish(DtlsHandshakeResult result) {
            onOwner(() -> job.onFinished(result, unread()));
        }

        @Override
        public boolean offer(byte[] datagram) {
            int message = DtlsAdmission.handshakeMessage(datagram);
            if (message >= nextMessage) {
                nextMessage = message + 1;
                // A repeated message does not count, so a client that only repeats messages becomes silent.
                heardNanos = System.nanoTime();
            }
            return inbox.offer(datagram);
        }

        @Override
        public void cancel() {
            cancelled = true;
            inbox.clear(); // An empty inbox has room for the datagram that wakes the thread.
            inbox.offer(CANCELLED);
        }

        /**
         * Returns the datagrams that the handshake did not read. Runs on the loop that also calls {@link #offer}, so no
         * datagram is added during the call.
         */
        private List<byte[]> unread() {
            List<byte[]> datagrams = new ArrayList<>();
            inbox.drainTo(datagrams);
            return datagrams;
        }

        @Override
        public int getReceiveLimit() {
            return DtlsAdmission.DATAGRAM_LENGTH_MAX;
        }

        @Override
        public int getSendLimit() {
            return DtlsAdmission.DATAGRAM_LENGTH_MAX;
        }

        @Override
        public int receive(byte[] buffer, int offset, int length, int waitMillis) throws TlsTimeoutException {
            long leftNanos = deadlineNanos - System.nanoTime();
            if (cancelled || leftNanos <= 0) {
                throw new TlsTimeoutException("handshake deadline");
            }
            try {
                byte[] datagram = inbox.poll(
                        Math.min(TimeUnit.MILLISECONDS.toNanos(waitMillis), leftNanos), TimeUnit.NANOSECONDS);
                if (cancelled) {
                    throw new TlsTimeoutException("handshake cancelled");
                }
                if (datagram == null) {
                    return -1;
                }
                System.arraycopy(datagram, 0, buffer, offset, Math.min(length, datagram.length));
                return Math.min(length, datagram.length);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt(); // The pool is closing.
                cancelled = true;
                throw new TlsTimeoutException("handshake cancelled");
            }
        }

        @Override
        public void send(byte[] buffer, int offset, int length) {
            byte[] datagram = new byte[length];
            System.arraycopy(buffer, offset, datagram, 0, length);
            onOwner(() -> job.onOutput(datagram));
        }

        @Override
        public void close() {
            // There is nothing to release.
        }

        private void onOwner(Runnable task) {
            try {
                owner.execute(task);
            } catch (RejectedExecutionException e) {
                // The loop and its transports have ended.
                LOG.debug("the loop of a handshake has ended", e);
            }
        }
    }
}
