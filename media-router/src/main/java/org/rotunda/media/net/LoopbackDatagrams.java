package org.rotunda.media.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.bouncycastle.tls.DatagramTransport;
import org.rotunda.media.dtls.DtlsAdmission;

/**
 * An in-memory network between our own client and our own server, both on the calling thread. While the client waits
 * for a datagram, the network runs the server's tasks.
 */
abstract class LoopbackDatagrams implements DatagramTransport {
    private static final int TASKS_MAX = 256; // The maximum number of waiting tasks. A handshake has far fewer.

    private final BlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>(TASKS_MAX);
    private final ArrayDeque<ByteBuf> toClient = new ArrayDeque<>();

    /** Returns the executor that serves as the server's loop. */
    final Executor loop() {
        return tasks::add;
    }

    /** Hands a datagram of the client to the server, which may answer. The datagram is borrowed for the call. */
    abstract void onDatagram(ByteBuf datagram);

    /** Makes the server hand its waiting datagrams to {@link #answer}. */
    abstract void drain();

    final void answer(ByteBuf datagram) {
        toClient.add(datagram);
    }

    @Override
    public final int receive(byte[] buffer, int offset, int length, int waitMillis) throws IOException {
        if (toClient.isEmpty()) {
            runTask(waitMillis);
        }
        ByteBuf datagram = toClient.poll();
        if (datagram == null) {
            return -1;
        }
        int count = Math.min(length, datagram.readableBytes());
        datagram.readBytes(buffer, offset, count).release();
        return count;
    }

    private void runTask(int waitMillis) throws IOException {
        try {
            Runnable task = tasks.poll(waitMillis, TimeUnit.MILLISECONDS);
            if (task != null) {
                task.run();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
        drain();
    }

    @Override
    public final void send(byte[] buffer, int offset, int length) {
        onDatagram(Unpooled.wrappedBuffer(buffer, offset, length));
        drain();
    }

    @Override
    public final int getReceiveLimit() {
        return DtlsAdmission.DATAGRAM_LENGTH_MAX;
    }

    @Override
    public final int getSendLimit() {
        return DtlsAdmission.DATAGRAM_LENGTH_MAX;
    }

    /** Releases the datagrams that the client has not received. */
    @Override
    public void close() {
        toClient.forEach(ByteBuf::release);
        toClient.clear();
    }
}
