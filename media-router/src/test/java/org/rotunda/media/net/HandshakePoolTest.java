package org.rotunda.media.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.bouncycastle.tls.DatagramTransport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.rotunda.media.dtls.DtlsCloseReason;
import org.rotunda.media.dtls.DtlsDrop;
import org.rotunda.media.dtls.DtlsHandshakeResult;
import org.rotunda.media.dtls.DtlsHandshakes;
import org.rotunda.media.dtls.DtlsIdentity;
import org.rotunda.media.dtls.DtlsTransport;
import org.rotunda.media.srtp.SrtpKeys;

class HandshakePoolTest {
    private static final DtlsIdentity IDENTITY =
            DtlsIdentity.generate(new SecureRandom(), Instant.parse("2026-01-01T00:00:00Z"));

    /** The first of two fragments of a ClientHello. The handshake waits for the second fragment. */
    private static final byte[] HALF_A_CLIENT_HELLO = halfAClientHello();

    private final BlockingQueue<Runnable> loop = new LinkedBlockingQueue<>();

    @Test
    void refusesAndCountsWhenAllThreadsAreBusyUntilOneIsFree() throws InterruptedException {
        try (HandshakePool pool = new HandshakePool(2, Duration.ofSeconds(10))) {
            List<DtlsTransport> busy = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                busy.add(transport(pool, new Recorder()));
                give(busy.get(i));
            }
            DtlsTransport refused = transport(pool, new Recorder());
            give(refused);
            assertThat(refused.drops(DtlsDrop.HANDSHAKES_BUSY)).isEqualTo(1);
            assertThat(pool.refusals()).isEqualTo(1);

            busy.get(0).close(false);
            await(() -> pool.active() == 1);
            await(() -> {
                give(refused); // The client retransmits.
                return pool.active() == 2;
            });
            busy.get(1).close(false);
            refused.close(false);
        }
    }

    /**
     * Tests a pool whose threads are all occupied by clients that sent a ClientHello and fell silent. After 200 ms they
     * count as silent, and the oldest of them gives way to a new client. Their deadline of 60 s is much later.
     */
    @Test
    void theOldestSilentHandshakeGivesWayWhenThePoolIsFull() throws InterruptedException {
        try (HandshakePool pool = new HandshakePool(4, Duration.ofSeconds(60), Duration.ofMillis(200))) {
            List<Recorder> recorders = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                recorders.add(new Recorder());
                give(transport(pool, recorders.get(i), "192.0.2." + i, "RM" + i));
            }
            assertThat(pool.refusals()).isZero();
            DtlsTransport next = transport(pool, new Recorder(), "192.0.2.99", "RM99");
            await(() -> {
                give(next); // The client repeats its ClientHello.
                return next.phase() == DtlsTransport.Phase.HANDSHAKE;
            });

            await(() -> recorders.get(0).closed != null);
            assertThat(recorders.get(0).closed).isEqualTo(DtlsCloseReason.HANDSHAKE_TIMEOUT);
            assertThat(recorders.subList(1, 4)).allMatch(recorder -> recorder.closed == null);
            assertThat(pool.givenWay()).isEqualTo(1);
            await(() -> pool.active() == 4);
        }
    }

    /** A client that only repeats its first message counts as silent. */
    @Test
    void repeatsOfAMessageDoNotKeepAThread() throws InterruptedException {
        try (HandshakePool pool = new HandshakePool(2, Duration.ofSeconds(60), Duration.ofMillis(200))) {
            List<DtlsTransport> noisy = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                noisy.add(transport(pool, new Recorder(), "192.0.2." + i, "RM" + i));
                give(noisy.get(i));
            }
            DtlsTransport next = transport(pool, new Recorder(), "192.0.2.99", "RM99");
            await(() -> {
                noisy.forEach(HandshakePoolTest::give);
                give(next);
                return next.phase() == DtlsTransport.Phase.HANDSHAKE;
            });
        }
    }

    @Test
    void oneAddressGetsHalfOfTheThreads() throws InterruptedException {
        try (HandshakePool pool = new HandshakePool(8, Duration.ofSeconds(60), Duration.ofSeconds(60))) {
            for (int i = 0; i < 8; i++) {
                give(transport(pool, new Recorder(), "192.0.2.1", "RM" + i));
            }
            assertThat(pool.active()).isEqualTo(4);
            assertThat(pool.refusals()).isEqualTo(4);
            DtlsTransport other = transport(pool, new Recorder(), "192.0.2.2", "RM1");
            give(other);
            assertThat(other.phase()).isEqualTo(DtlsTransport.Phase.HANDSHAKE);
        }
    }

    @Test
    void oneRoomGetsHalfOfTheThreads() throws InterruptedException {
        try (HandshakePool pool = new HandshakePool(8, Duration.ofSeconds(60), Duration.ofSeconds(60))) {
            for (int i = 0; i < 8; i++) {
                give(transport(pool, new Recorder(), "192.0.2." + i, "RM1"));
            }
            assertThat(pool.active()).isEqualTo(4);
            DtlsTransport other = transport(pool, new Recorder(), "192.0.2.1", "RM2");
            give(other);
            assertThat(other.phase()).isEqualTo(DtlsTransport.Phase.HANDSHAKE);
        }
    }

    /** A prefix of 64 bits counts as one address, because usually one client has all its addresses. */
    @Test
    void addressesOfOneIpv6PrefixShare() {
        try (HandshakePool pool = new HandshakePool(4, Duration.ofSeconds(60), Duration.ofSeconds(60))) {
            for (int i = 0; i < 4; i++) {
                give(transport(pool, new Recorder(), "2001:db8::" + (i + 1), "RM" + i));
            }
            assertThat(pool.active()).isEqualTo(2);
            DtlsTransport other = transport(pool, new Recorder(), "2001:db8:0:1::1", "RM9");
            give(other);
            assertThat(other.phase()).isEqualTo(DtlsTransport.Phase.HANDSHAKE);
        }
    }

    @Test
    void endsAHandshakeAtItsDeadlineHoweverBusyThePeer() throws InterruptedException {
        try (HandshakePool pool = new HandshakePool(2, Duration.ofMillis(300))) {
            Recorder recorder = new Recorder();
            DtlsTransport transport = transport(pool, recorder);
            await(() -> {
                give(transport); // The peer repeats the same fragment.
                return recorder.closed != null;
            });
            assertThat(recorder.closed).isEqualTo(DtlsCloseReason.HANDSHAKE_TIMEOUT);
            await(() -> pool.active() == 0);
        }
    }

    @Test
    void boundsTheDatagramsAHandshakeIsBehind() {
        try (HandshakePool pool = new HandshakePool(1, Duration.ofSeconds(10))) {
            DtlsTransport transport = transport(pool, new Recorder());
            for (int i = 0; i < 200_000 && transport.drops(DtlsDrop.QUEUE_FULL) == 0; i++) {
                give(transport); // The handshake reads more slowly than the peer sends.
            }
            assertThat(transport.drops(DtlsDrop.QUEUE_FULL)).isPositive();
            transport.close(false);
        }
    }

    @Test
    void freesItsThreadWhenTheTransportCloses() throws InterruptedException {
        try (HandshakePool pool = new HandshakePool(1, Duration.ofSeconds(10))) {
            Recorder recorder = new Recorder();
            DtlsTransport transport = transport(pool, recorder);
            give(transport);
            transport.close(true);
            await(() -> pool.active() == 0);
            assertThat(recorder.closed).isNull();
        }
    }

    @Test
    void reportsFailureEvenIfTheHandshakeDiesOfAnError() throws InterruptedException {
        try (HandshakePool pool = new HandshakePool(1, Duration.ofSeconds(10))) {
            AtomicReference<@Nullable DtlsHandshakeResult> finished = new AtomicReference<>();
            DtlsHandshakes.Job dying = new DtlsHandshakes.Job() {
                @Override
                public DtlsHandshakeResult run(DatagramTransport datagrams, int timeoutMillis) {
                    // Without this handler the error would be logged.
                    Thread.currentThread().setUncaughtExceptionHandler((thread, error) -> {});
                    throw new StackOverflowError();
                }

                @Override
                public void onOutput(byte[] datagram) {
                    throw new AssertionError("it sends nothing");
                }

                @Override
                public void onFinished(DtlsHandshakeResult result, List<byte[]> unread) {
                    finished.set(result);
                }
            };
            assertThat(pool.start(dying, null, loop::add)).isNotNull();
            await(() -> finished.get() != null);
            assertThat(finished.get()).isEqualTo(new DtlsHandshakeResult.Failed(DtlsCloseReason.HANDSHAKE_FAILED));
        }
    }

    @Test
    void refusesAfterClose() {
        HandshakePool pool = new HandshakePool(1, Duration.ofSeconds(10));
        pool.close();
        DtlsTransport transport = transport(pool, new Recorder());
        give(transport);
        assertThat(transport.drops(DtlsDrop.HANDSHAKES_BUSY)).isEqualTo(1);
    }

    @Test
    void warmsUp() throws IOException {
        try (HandshakePool pool = new HandshakePool()) {
            HandshakePoolWarmUp.run(IDENTITY, pool, 2);
            assertThat(pool.refusals()).isZero();
        }
    }

    private DtlsTransport transport(HandshakePool pool, Recorder recorder) {
        return new DtlsTransport(IDENTITY, pool, loop::add, UnpooledByteBufAllocator.DEFAULT, recorder);
    }

    private DtlsTransport transport(HandshakePool pool, Recorder recorder, String address, String room) {
        DtlsHandshakes.Origin origin = DtlsHandshakes.Origin.of(new InetSocketAddress(address, 1).getAddress(), room);
        return new DtlsTransport(IDENTITY, pool, () -> origin, loop::add, UnpooledByteBufAllocator.DEFAULT, recorder);
    }

    private static void give(DtlsTransport transport) {
        transport.onDatagram(Unpooled.wrappedBuffer(HALF_A_CLIENT_HELLO));
    }

    private void await(BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("not within 10 s").isLessThan(deadline);
            Runnable task = loop.poll(5, TimeUnit.MILLISECONDS);
            if (task != null) {
                task.run();
            }
        }
    }

    private static byte[] halfAClientHello() {
        ByteBuf record = Unpooled.buffer()
                .writeByte(22)
                .writeShort(0xFEFF)
                .writeZero(8)
                .writeShort(12 + 50)
                .writeByte(1)
                .writeMedium(100)
                .writeShort(0)
                .writeMedium(0)
                .writeMedium(50)
                .writeZero(50);
        byte[] bytes = new byte[record.readableBytes()];
        record.readBytes(bytes);
        return bytes;
    }

    private static final class Recorder implements DtlsTransport.Listener {
        private @Nullable DtlsCloseReason closed;

        @Override
        public void onKeys(SrtpKeys keys) {
            throw new AssertionError("no handshake here completes");
        }

        @Override
        public void onApplicationData(ByteBuf data) {
            throw new AssertionError("no handshake here completes");
        }

        @Override
        public void onClosed(DtlsCloseReason reason) {
            closed = reason;
        }
    }
}
