package org.rotunda.media.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.epoll.Epoll;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.rotunda.media.control.MediaTcpSettings;
import org.rotunda.media.net.MediaNetSettings.Transport;

/** Tests TCP ports with real sockets on the loopback interface. */
class TcpPortTest {
    private static final int DEADLINE_SECONDS = 10;
    private static final int ACCEPTS_PER_SECOND = 50;

    private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true);
    private final BlockingQueue<ScriptedCore> cores = new LinkedBlockingQueue<>();
    private final List<Socket> clients = new ArrayList<>();

    private static MediaTcpSettings settings(OptionalInt port) {
        return new MediaTcpSettings(
                true, port, List.of(), 1_000, 1_000, ACCEPTS_PER_SECOND, Duration.ofSeconds(DEADLINE_SECONDS), 1 << 20);
    }

    private MediaLoops<ScriptedCore> open(Transport transport, int loops, OptionalInt port) {
        assumeTrue(transport != Transport.EPOLL || Epoll.isAvailable());
        return MediaLoops.open(
                MediaNetSettings.of("127.0.0.1", 0, loops)
                        .withTransport(transport)
                        .withTcp(settings(port)),
                allocator,
                context -> {
                    ScriptedCore core = new ScriptedCore();
                    cores.add(core);
                    return core;
                });
    }

    private static InetSocketAddress address(MediaLoop<?> loop) {
        return Objects.requireNonNull(loop.tcpAddress());
    }

    private Socket connect(MediaLoop<?> loop) throws IOException {
        Socket client = new Socket();
        clients.add(client);
        client.setSoTimeout(DEADLINE_SECONDS * 1000);
        client.setTcpNoDelay(true);
        client.connect(address(loop));
        return client;
    }

    private static void write(Socket client, String text) throws IOException {
        DataOutputStream out = new DataOutputStream(client.getOutputStream());
        out.writeShort(text.length());
        out.write(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static String read(Socket client) throws IOException {
        DataInputStream in = new DataInputStream(client.getInputStream());
        return new String(in.readNBytes(in.readUnsignedShort()), StandardCharsets.US_ASCII);
    }

    private static <T> T await(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(DEADLINE_SECONDS, TimeUnit.SECONDS);
    }

    private static void awaitTrue(String what, BooleanSupplier condition) {
        long begin = System.nanoTime();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime() - begin).as(what).isLessThan(TimeUnit.SECONDS.toNanos(DEADLINE_SECONDS));
            Thread.onSpinWait();
        }
    }

    /** Connects, passes the check, and returns the connection as the core knows it. */
    private SocketAddress connectChecked(MediaLoop<ScriptedCore> loop, ScriptedCore core) throws IOException {
        Socket client = connect(loop);
        write(client, "Check");
        awaitTrue("the check", () -> !core.validated.isEmpty());
        return core.validated.iterator().next();
    }

    @AfterEach
    void nothingLeaks() throws IOException {
        for (Socket client : clients) {
            client.close();
        }
        assertThat(allocator.metric().usedDirectMemory()).isZero();
        assertThat(allocator.metric().usedHeapMemory()).isZero();
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void packetsAreEchoedInOrderHoweverTheirBytesCome(Transport transport) throws Exception {
        try (MediaLoops<ScriptedCore> loops = open(transport, 1, OptionalInt.empty())) {
            await(loops.loop(0).submit(core -> core.echoes = true));
            Socket client = connect(loops.loop(0));
            byte[] two = {0, 5, 'C', 'h', 'e', 'c', 'k', 0, 0, 0, 2, 'o', 'k'};
            for (byte each : two) {
                client.getOutputStream().write(each);
                client.getOutputStream().flush();
            }
            assertThat(read(client)).isEqualTo("Check");
            assertThat(read(client)).isEqualTo("ok");
            String longest = "C" + "x".repeat(2047);
            for (int i = 0; i < 20; i++) {
                write(client, longest);
            }
            for (int i = 0; i < 20; i++) {
                assertThat(read(client)).isEqualTo(longest);
            }
            assertThat(loops.loop(0).statistics().tcp().packetsIn()).isEqualTo(22);
            assertThat(loops.loop(0).statistics().tcp().packetsOut()).isEqualTo(22);
        }
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void eachLoopHasAPortAndItsOwnConnections(Transport transport) throws Exception {
        try (MediaLoops<ScriptedCore> loops = open(transport, 2, OptionalInt.of(0))) {
            ScriptedCore first = cores.remove();
            ScriptedCore second = cores.remove();
            write(connect(loops.loop(1)), "for the second");
            assertThat(second.received.poll(DEADLINE_SECONDS, TimeUnit.SECONDS))
                    .isEqualTo("for the second".getBytes(StandardCharsets.US_ASCII));
            assertThat(first.received).isEmpty();
            assertThat(address(loops.loop(0))).isNotEqualTo(address(loops.loop(1)));
        }
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void thePortHasTheNumberOfTheUdpPortUnlessAnotherProgramHasIt(Transport transport) throws Exception {
        assumeTrue(transport != Transport.EPOLL || Epoll.isAvailable());
        int port;
        try (DatagramSocket free = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        MediaNetSettings settings = MediaNetSettings.of("127.0.0.1", port, 1)
                .withTransport(transport)
                .withTcp(settings(OptionalInt.empty()));
        try (MediaLoops<ScriptedCore> loops = MediaLoops.open(settings, allocator, context -> new ScriptedCore())) {
            assertThat(address(loops.loop(0)).getPort()).isEqualTo(port);
        }
        try (ServerSocket taken = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            assertThat(taken.isBound()).isTrue();
            assertThatThrownBy(() -> MediaLoops.open(settings, allocator, context -> new ScriptedCore()))
                    .isInstanceOf(IOException.class);
        }
        // The UDP port is free again after the failure.
        try (DatagramSocket again = new DatagramSocket(port, InetAddress.getLoopbackAddress())) {
            assertThat(again.getLocalPort()).isEqualTo(port);
        }
    }

    /** Tests a client that sends no byte and then half a packet, and clients that come too fast. */
    @ParameterizedTest
    @EnumSource(Transport.class)
    void aFloodOfConnectionsIsRefusedAndOthersAreServed(Transport transport) throws Exception {
        try (MediaLoops<ScriptedCore> loops = open(transport, 1, OptionalInt.empty());
                DatagramSocket udp = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            ScriptedCore core = cores.remove();
            connectChecked(loops.loop(0), core);
            clients.get(0).getOutputStream().write(new byte[] {7, 0, 1});
            long begin = System.nanoTime();
            int flood = 10 * ACCEPTS_PER_SECOND;
            for (int i = 0; i < flood; i++) {
                connect(loops.loop(0));
            }
            MediaNetStatistics statistics = loops.loop(0).statistics();
            awaitTrue("all accepted", () -> statistics.tcp().accepted() == flood + 1);
            long seconds = 1 + TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begin);
            assertThat(statistics.tcp().connections()).isLessThanOrEqualTo(ACCEPTS_PER_SECOND * (1 + seconds));
            assertThat(statistics.tcp().closed().getOrDefault("accept_rate", 0L))
                    .isGreaterThanOrEqualTo(flood - ACCEPTS_PER_SECOND * (1 + seconds));

            await(loops.loop(0).submit(any -> core.echoes = true));
            udp.setSoTimeout(DEADLINE_SECONDS * 1000);
            udp.send(new DatagramPacket(new byte[] {'U'}, 1, loops.loop(0).localAddress()));
            DatagramPacket echo = new DatagramPacket(new byte[10], 10);
            udp.receive(echo);
            assertThat(echo.getLength()).isEqualTo(1);
            assertThat(statistics.tcp().checked()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void aClientThatNeverReadsCostsABoundedQueueAndNoTime(Transport transport) throws Exception {
        try (MediaLoops<ScriptedCore> loops = open(transport, 1, OptionalInt.empty())) {
            ScriptedCore core = cores.remove();
            SocketAddress remote = connectChecked(loops.loop(0), core);
            MediaNetStatistics statistics = loops.loop(0).statistics();
            long memoryMax = 0;
            for (int batch = 0; batch < 200; batch++) {
                await(loops.loop(0).submit(open -> {
                    for (int i = 0; i < 100; i++) {
                        open.queue(allocator.directBuffer(1200).writeZero(1200), remote);
                    }
                    return "queued";
                }));
                memoryMax = Math.max(memoryMax, allocator.metric().usedDirectMemory());
            }
            // The kernel holds what it may, the queue is full, and the rest was dropped.
            assertThat(statistics.tcpQueueDrops()).isGreaterThan(1_000);
            assertThat(statistics.tcp().packetsOut() + statistics.tcpQueueDrops())
                    .isEqualTo(20_000);
            assertThat(memoryMax).isLessThan(1 << 20);
            assertThat(statistics.slowTurns()).isZero();

            // A client that begins to read gets the packets that were queued, each of them whole.
            Socket client = clients.get(0);
            long expected = statistics.tcp().packetsOut();
            for (long i = 0; i < expected; i++) {
                assertThat(read(client)).hasSize(1200);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void theCoreIsToldWhenAClientLeaves(Transport transport) throws Exception {
        try (MediaLoops<ScriptedCore> loops = open(transport, 1, OptionalInt.empty())) {
            ScriptedCore core = cores.remove();
            connectChecked(loops.loop(0), core);
            clients.get(0).setSoLinger(true, 0);
            clients.get(0).close();
            awaitTrue("the end", core.validated::isEmpty);
            assertThat(core.calls).contains("closed");
        }
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void closingTheLoopsClosesTheConnections(Transport transport) throws Exception {
        MediaNetStatistics statistics;
        try (MediaLoops<ScriptedCore> loops = open(transport, 1, OptionalInt.empty())) {
            statistics = loops.loop(0).statistics();
            connectChecked(loops.loop(0), cores.remove());
        }
        assertThatThrownBy(() -> read(clients.get(0))).isInstanceOf(IOException.class);
        assertThat(statistics.tcp().closed()).containsEntry("shutdown", 1L);
    }
}
