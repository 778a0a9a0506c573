package org.rotunda.media.dtls;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.bouncycastle.tls.DatagramTransport;
import org.jspecify.annotations.Nullable;
import org.rotunda.media.srtp.SrtpKeys;
import org.rotunda.media.srtp.SrtpProfile;

/**
 * A server transport and its wire to a blocking client, on the test's thread. The server's loop runs while the client
 * waits for a datagram. Filters may drop, repeat or reorder datagrams in either direction.
 */
final class DtlsLink implements DatagramTransport, DtlsTransport.Listener {
    private static final Instant BOOT = Instant.parse("2026-01-01T00:00:00Z");
    static final DtlsIdentity SERVER = DtlsIdentity.generate(new SecureRandom(), BOOT);
    static final DtlsIdentity CLIENT = DtlsIdentity.generate(new SecureRandom(), BOOT);

    /** Receives each datagram, and passes on none, one or several datagrams instead of it. */
    interface Filter {
        void onDatagram(byte[] datagram, Consumer<byte[]> next);
    }

    final DtlsTransport server;
    final UnpooledByteBufAllocator allocator =
            new UnpooledByteBufAllocator(false); // Each link counts its own bytes in use.
    final List<byte[]> received = new ArrayList<>();
    final List<byte[]> sentByServer = new ArrayList<>();

    @Nullable
    SrtpKeys keys;

    @Nullable
    DtlsCloseReason closed;

    Filter toServer = (datagram, next) -> next.accept(datagram);
    Filter toClient = (datagram, next) -> next.accept(datagram);

    private final BlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();
    private final ArrayDeque<byte[]> inbox = new ArrayDeque<>();

    DtlsLink(DtlsHandshakes handshakes) {
        server = new DtlsTransport(SERVER, handshakes, tasks::add, allocator, this);
    }

    /** Returns a link over which a client has completed its handshake. */
    static DtlsLink connected(DtlsHandshakes handshakes) {
        DtlsLink link = new DtlsLink(handshakes).expectingTheClient();
        try {
            new LoopbackDtlsClient(CLIENT, CLIENT, List.of(SrtpProfile.AEAD_AES_128_GCM)).connect(link);
            link.await(() -> link.keys != null);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return link;
    }

    DtlsLink expectingTheClient() {
        server.expectFingerprints(List.of(CLIENT.fingerprint()));
        drain(); // The server may have processed datagrams that it had held back, which can cause output.
        return this;
    }

    void give(byte[] datagram) {
        toServer.onDatagram(datagram, bytes -> server.onDatagram(Unpooled.wrappedBuffer(bytes)));
        drain();
    }

    /** Runs the loop until the condition holds. */
    void await(BooleanSupplier condition) throws IOException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("not within 20 s");
            }
            runOneTask(10);
        }
    }

    @Override
    public int receive(byte[] buffer, int offset, int length, int waitMillis) throws IOException {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(waitMillis);
        while (inbox.isEmpty()) {
            long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
            if (left <= 0) {
                return -1;
            }
            runOneTask(left);
        }
        byte[] datagram = inbox.remove();
        System.arraycopy(datagram, 0, buffer, offset, datagram.length);
        return datagram.length;
    }

    @Override
    public void send(byte[] buffer, int offset, int length) {
        byte[] datagram = new byte[length];
        System.arraycopy(buffer, offset, datagram, 0, length);
        give(datagram);
    }

    private void runOneTask(long waitMillis) throws IOException {
        try {
            Runnable task = tasks.poll(waitMillis, TimeUnit.MILLISECONDS);
            if (task != null) {
                task.run();
                drain();
            }
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    void drain() {
        server.drainTo(datagram -> {
            byte[] bytes = bytes(datagram);
            datagram.release();
            sentByServer.add(bytes);
            toClient.onDatagram(bytes, inbox::add);
        });
    }

    long bytesInUse() {
        return allocator.metric().usedHeapMemory();
    }

    static byte[] bytes(ByteBuf buffer) {
        byte[] bytes = new byte[buffer.readableBytes()];
        buffer.getBytes(buffer.readerIndex(), bytes);
        return bytes;
    }

    @Override
    public int getReceiveLimit() {
        return 2048;
    }

    @Override
    public int getSendLimit() {
        return 1200;
    }

    @Override
    public void close() {
        // There is nothing to release.
    }

    @Override
    public void onKeys(SrtpKeys released) {
        keys = released;
    }

    @Override
    public void onApplicationData(ByteBuf data) {
        received.add(bytes(data));
    }

    @Override
    public void onClosed(DtlsCloseReason reason) {
        closed = reason;
    }
}
