package org.rotunda.media.net;

import io.netty.buffer.ByteBuf;
import java.net.SocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import org.rotunda.media.router.MediaCore;
import org.rotunda.media.router.Transmitter;
import org.rotunda.media.time.Deadline;

/**
 * A core that records its calls. It also sends datagrams that a test queues and, on request, echoes received datagrams. A
 * datagram that begins with {@link #CHECK} validates its source.
 */
final class ScriptedCore implements MediaCore {
    static final byte CHECK = 'C';

    final BlockingQueue<String> calls = new LinkedBlockingQueue<>();
    final BlockingQueue<byte[]> received = new LinkedBlockingQueue<>();
    final List<Long> arrivals = new ArrayList<>();
    final Set<SocketAddress> validated = ConcurrentHashMap.newKeySet();
    boolean echoes;
    Runnable whileDraining = () -> {};
    long deadlineNanos = Deadline.NO_DEADLINE;
    private final Queue<Outgoing> outgoing = new ArrayDeque<>();

    private record Outgoing(ByteBuf datagram, SocketAddress remote) {}

    void queue(ByteBuf datagram, SocketAddress remote) {
        outgoing.add(new Outgoing(datagram, remote));
    }

    @Override
    public void onDatagram(ByteBuf datagram, SocketAddress source, long nowNanos) {
        calls.add("datagram");
        arrivals.add(nowNanos);
        byte[] bytes = new byte[datagram.readableBytes()];
        datagram.getBytes(datagram.readerIndex(), bytes);
        received.add(bytes);
        if (bytes.length > 0 && bytes[0] == 'X') {
            throw new IllegalStateException("a broken invariant, on purpose");
        }
        if (bytes.length > 0 && bytes[0] == CHECK) {
            validated.add(source);
        }
        if (echoes) {
            queue(datagram.retain(), source);
        }
    }

    @Override
    public boolean isValidated(SocketAddress source) {
        return validated.contains(source);
    }

    @Override
    public void onClosed(SocketAddress source, long nowNanos) {
        calls.add("closed");
        validated.remove(source);
    }

    @Override
    public Object handled() {
        return "scripted";
    }

    @Override
    public void onTimeout(long nowNanos) {
        calls.add("timeout");
        deadlineNanos = Deadline.NO_DEADLINE;
    }

    @Override
    public void drainTo(Transmitter transmitter) {
        calls.add("drain");
        whileDraining.run();
        for (Outgoing next = outgoing.poll(); next != null; next = outgoing.poll()) {
            transmitter.send(next.datagram(), next.remote());
        }
    }

    @Override
    public long nextDeadlineNanos() {
        return deadlineNanos;
    }

    @Override
    public void close() {
        calls.add("close");
        for (Outgoing next = outgoing.poll(); next != null; next = outgoing.poll()) {
            next.datagram().release();
        }
    }
}
