package org.rotunda.load.egress;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.epoll.Epoll;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * The sockets of the receivers and the thread that reads them, whose processor time does not count. The thread looks at
 * all sockets at fixed times instead of waiting for one of them: a sender that wakes a waiting reader would pay for it in
 * its system call, and the readers of a real network are on other machines. Safe to use from any thread.
 */
final class Receivers implements AutoCloseable {
    private static final int RUN_BYTES_MAX = 65_536;
    private static final long READ_NANOS = 2_000_000;
    private static final long LOOK_NANOS = 50_000;

    private final List<ReceiverSocket> sockets = new ArrayList<>(); // Guarded by this, with the state of its elements.
    private final AtomicLong packets = new AtomicLong();
    private final Thread reader = new Thread(this::read, "egress-receivers");
    private volatile boolean closed;
    private volatile @Nullable IOException failure;

    private Receivers() {
        reader.setDaemon(true);
    }

    /** @param keeping whether the sockets keep a copy of each packet of media */
    static Receivers open(int count, int datagramBytes, boolean keeping) {
        Epoll.ensureAvailability(); // Loads the native library.
        Receivers receivers = new Receivers();
        try {
            for (int i = 0; i < count; i++) {
                receivers.add(ReceiverSocket.open(datagramBytes, keeping));
            }
        } catch (IOException failed) {
            receivers.closeSockets();
            throw new UncheckedIOException("the receivers cannot open their sockets", failed);
        }
        receivers.reader.start();
        return receivers;
    }

    private synchronized void add(ReceiverSocket socket) {
        sockets.add(socket);
    }

    private void read() {
        ByteBuf buffer = Unpooled.directBuffer(RUN_BYTES_MAX, RUN_BYTES_MAX);
        try {
            while (!closed) {
                LockSupport.parkNanos(READ_NANOS);
                drain(buffer);
            }
        } catch (IOException failed) {
            failure = failed;
        } finally {
            buffer.release();
        }
    }

    private synchronized void drain(ByteBuf buffer) throws IOException {
        for (int i = 0; i < sockets.size(); i++) {
            sockets.get(i).drain(buffer);
        }
        packets.setRelease(sum(ReceiverSocket::packets));
    }

    private synchronized long sum(ToLongFunction<ReceiverSocket> count) {
        long sum = 0;
        for (int i = 0; i < sockets.size(); i++) {
            sum += count.applyAsLong(sockets.get(i));
        }
        return sum;
    }

    /** Returns the addresses of the sockets, in the order of the receivers. */
    synchronized List<InetSocketAddress> addresses() {
        return sockets.stream().map(ReceiverSocket::address).toList();
    }

    /** Returns the number of packets of media that have arrived, on all sockets together. Does not wait. */
    long packets() {
        IOException failed = failure;
        if (failed != null) {
            throw new UncheckedIOException("the receivers cannot read", failed);
        }
        return packets.getAcquire();
    }

    synchronized void restart() {
        sockets.forEach(ReceiverSocket::restart);
    }

    long faults() {
        return sum(ReceiverSocket::faults);
    }

    long answers() {
        return sum(ReceiverSocket::answers);
    }

    /** Returns the packets of media of each socket, if they were to be kept. The lists are complete after the close. */
    synchronized List<List<byte[]>> kept() {
        return sockets.stream().map(ReceiverSocket::kept).toList();
    }

    /** Waits until so many packets have arrived, or for so long. */
    void await(long count, long timeoutNanos) {
        await(() -> packets() >= count, timeoutNanos);
    }

    /** Waits until the condition holds, or for so long. Returns whether it holds. */
    static boolean await(BooleanSupplier condition, long timeoutNanos) {
        long endNanos = System.nanoTime() + timeoutNanos;
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - endNanos >= 0) {
                return false;
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
        return true;
    }

    @Override
    public void close() {
        closed = true;
        boolean interrupted = false;
        while (reader.isAlive()) {
            try {
                reader.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        closeSockets();
    }

    private synchronized void closeSockets() {
        for (ReceiverSocket socket : sockets) {
            try {
                socket.close();
            } catch (IOException failed) {
                throw new UncheckedIOException("a receiver cannot close its socket", failed);
            }
        }
    }
}
