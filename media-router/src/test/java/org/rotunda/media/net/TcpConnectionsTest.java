package org.rotunda.media.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelId;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.concurrent.MockTicker;
import io.netty.util.concurrent.Ticker;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.rotunda.media.control.MediaTcpSettings;

/** Tests the limits of TCP connections, on virtual time. */
class TcpConnectionsTest {
    private static final int CONNECTIONS_MAX = 3;
    private static final int PER_ADDRESS_MAX = 2;
    private static final int CHECK_TIMEOUT_SECONDS = 10;
    private static final int CHECK_BYTES_MAX = 8_000;
    private static final MediaTcpSettings SETTINGS = new MediaTcpSettings(
            true,
            OptionalInt.empty(),
            List.of(),
            CONNECTIONS_MAX,
            PER_ADDRESS_MAX,
            100,
            Duration.ofSeconds(CHECK_TIMEOUT_SECONDS),
            CHECK_BYTES_MAX);

    private final MockTicker ticker = Ticker.newMockTicker();
    private final ScriptedCore core = new ScriptedCore();
    private final MediaNetStatistics statistics = new MediaNetStatistics();
    private final MediaSocketHandler<ScriptedCore> handler = new MediaSocketHandler<>(
            core, false, statistics, new LoopWatch(0, core::handled, statistics, (held, now) -> {}));
    private final EmbeddedChannel udp =
            EmbeddedChannel.builder().handlers(handler).ticker(ticker).build();
    private final TcpConnections connections = new TcpConnections(handler, SETTINGS, statistics);
    private final List<EmbeddedChannel> opened = new ArrayList<>();

    /** A channel that has an IP address. */
    private static final class TcpChannel extends EmbeddedChannel {
        TcpChannel(SocketAddress remote, ChannelHandler handler) {
            super(new AddressedId(remote), handler);
        }

        @Override
        protected SocketAddress remoteAddress0() {
            return ((AddressedId) id()).remote;
        }
    }

    /** The id carries the address, because the constructor of the channel already asks for it. */
    private static final class AddressedId implements ChannelId {
        private static final long serialVersionUID = 1L;

        private final SocketAddress remote;

        AddressedId(SocketAddress remote) {
            this.remote = remote;
        }

        @Override
        public String asShortText() {
            return remote.toString();
        }

        @Override
        public String asLongText() {
            return remote.toString();
        }

        @Override
        public int compareTo(ChannelId other) {
            return asLongText().compareTo(other.asLongText());
        }
    }

    private EmbeddedChannel connect(String address) {
        EmbeddedChannel channel =
                new TcpChannel(new InetSocketAddress(address, 40_000 + opened.size()), connections.handler());
        opened.add(channel);
        return channel;
    }

    private static ByteBuf frame(String text) {
        ByteBuf frame = Unpooled.buffer().writeShort(text.length());
        frame.writeCharSequence(text, StandardCharsets.US_ASCII);
        return frame;
    }

    private EmbeddedChannel connectChecked(String address) {
        EmbeddedChannel channel = connect(address);
        channel.writeInbound(frame("Check"));
        return channel;
    }

    private void advanceSeconds(int seconds) {
        for (int i = 0; i < seconds; i++) {
            ticker.advance(1, TimeUnit.SECONDS);
            udp.runScheduledPendingTasks();
        }
    }

    private long ended(TcpEnd reason) {
        return statistics.tcp().closed().getOrDefault(reason.metricName(), 0L);
    }

    @AfterEach
    void close() {
        connections.close();
        assertThat(statistics.tcp().connections()).isZero();
        opened.forEach(EmbeddedChannel::finishAndReleaseAll);
        udp.finishAndReleaseAll();
    }

    @Test
    void packetsOfABatchAreFedWholeBeforeTheDrain() {
        EmbeddedChannel channel = connect("192.0.2.1");
        channel.writeInbound(frame("one"), Unpooled.wrappedBuffer(frame("two"), frame("three")));
        assertThat(core.calls).containsExactly("datagram", "datagram", "datagram", "drain");
        assertThat(core.received)
                .extracting(bytes -> new String(bytes, StandardCharsets.US_ASCII))
                .containsExactly("one", "two", "three");
        assertThat(statistics.datagramsIn()).isEqualTo(3);
        assertThat(statistics.bytesIn()).isEqualTo(11);
        assertThat(statistics.tcp().packetsIn()).isEqualTo(3);
    }

    @Test
    void aPieceOfAPacketIsNoInput() {
        EmbeddedChannel channel = connect("192.0.2.1");
        channel.writeInbound(Unpooled.wrappedBuffer(new byte[] {0, 5, 'h', 'e'}));
        assertThat(core.calls).isEmpty();
        channel.writeInbound(Unpooled.wrappedBuffer(new byte[] {'l', 'l', 'o'}));
        assertThat(core.calls).containsExactly("datagram", "drain");
    }

    @Test
    void answersAreFramedAndLeaveInOneWrite() {
        core.echoes = true;
        EmbeddedChannel channel = connectChecked("192.0.2.1");
        channel.readOutbound();
        channel.writeInbound(Unpooled.wrappedBuffer(frame("ping"), frame("pong")));
        ByteBuf written = channel.readOutbound();
        assertThat(ByteBufUtil.getBytes(written))
                .isEqualTo(ByteBufUtil.getBytes(Unpooled.wrappedBuffer(frame("ping"), frame("pong"))));
        written.release();
        assertThat(channel.<Object>readOutbound()).isNull();
        assertThat(statistics.tcp().packetsOut()).isEqualTo(3);
        assertThat(statistics.datagramsOut()).isEqualTo(3);
        assertThat(statistics.sendsBySegments(0)).as("sends of datagrams").isZero();
    }

    @Test
    void aConnectionWithoutACheckIsClosedInTime() {
        EmbeddedChannel silent = connect("192.0.2.1");
        EmbeddedChannel talkative = connect("192.0.2.2");
        EmbeddedChannel checked = connectChecked("192.0.2.3");
        assertThat(statistics.tcp().connections()).isEqualTo(3);
        assertThat(statistics.tcp().checked()).isEqualTo(1);
        for (int i = 0; i < CHECK_TIMEOUT_SECONDS - 1; i++) {
            talkative.writeInbound(frame("no check"));
            advanceSeconds(1);
        }
        assertThat(silent.isOpen()).isTrue();
        assertThat(talkative.isOpen()).isTrue();
        advanceSeconds(1);
        assertThat(silent.isOpen()).isFalse();
        assertThat(talkative.isOpen()).isFalse();
        advanceSeconds(10 * CHECK_TIMEOUT_SECONDS);
        assertThat(checked.isOpen()).isTrue();
        assertThat(ended(TcpEnd.CHECK_TIMEOUT)).isEqualTo(2);
        assertThat(core.calls).doesNotContain("closed"); // The core has never had the two.
    }

    @Test
    void bytesBeforeTheCheckAreLimited() {
        EmbeddedChannel channel = connect("192.0.2.1");
        EmbeddedChannel checked = connectChecked("192.0.2.2");
        for (int sent = 0; sent <= CHECK_BYTES_MAX; sent += 1002) {
            assertThat(channel.isOpen()).isTrue();
            channel.writeInbound(frame("x".repeat(1000)));
            checked.writeInbound(frame("x".repeat(1000)));
        }
        assertThat(channel.isOpen()).isFalse();
        assertThat(checked.isOpen()).isTrue();
        assertThat(ended(TcpEnd.CHECK_BYTES)).isEqualTo(1);
    }

    @Test
    void anotherProtocolEndsTheConnection() {
        EmbeddedChannel channel = connect("192.0.2.1");
        channel.writeInbound(Unpooled.copiedBuffer("GET / HTTP/1.1\r\n\r\n", StandardCharsets.US_ASCII));
        assertThat(channel.isOpen()).isFalse();
        assertThat(ended(TcpEnd.MALFORMED)).isEqualTo(1);
        assertThat(core.received).isEmpty();
    }

    @Test
    void aCheckedConnectionThatSpeaksAnotherProtocolIsTakenFromTheCore() {
        EmbeddedChannel channel = connectChecked("192.0.2.1");
        core.calls.clear();
        channel.writeInbound(Unpooled.wrappedBuffer(frame("fine"), Unpooled.wrappedBuffer(new byte[] {9, 0, 1})));
        assertThat(core.calls).containsExactly("datagram", "drain", "closed", "drain");
        assertThat(channel.isOpen()).isFalse();
        assertThat(core.validated).isEmpty();
    }

    @Test
    void theOldestConnectionWithoutACheckGivesWay() {
        EmbeddedChannel checked = connectChecked("192.0.2.1");
        EmbeddedChannel oldest = connect("192.0.2.2");
        EmbeddedChannel younger = connect("192.0.2.3");
        EmbeddedChannel youngest = connect("192.0.2.4");
        assertThat(List.of(checked, oldest, younger, youngest))
                .extracting(EmbeddedChannel::isOpen)
                .containsExactly(true, false, true, true);
        assertThat(ended(TcpEnd.GAVE_WAY)).isEqualTo(1);
        assertThat(statistics.tcp().connections()).isEqualTo(CONNECTIONS_MAX);
    }

    @Test
    void connectionsInUseGiveNoWay() {
        for (int i = 0; i < CONNECTIONS_MAX; i++) {
            connectChecked("192.0.2." + i);
        }
        EmbeddedChannel refused = connect("192.0.2.99");
        assertThat(refused.isOpen()).isFalse();
        assertThat(ended(TcpEnd.CONNECTIONS_MAX)).isEqualTo(1);
        assertThat(statistics.tcp().checked()).isEqualTo(CONNECTIONS_MAX);

        opened.get(0).close().syncUninterruptibly();
        assertThat(connect("192.0.2.99").isOpen()).isTrue();
    }

    @Test
    void theConnectionsOfAnAddressAreLimited() {
        for (int i = 0; i < PER_ADDRESS_MAX; i++) {
            connect("192.0.2.1");
        }
        assertThat(connect("192.0.2.1").isOpen()).isFalse();
        assertThat(ended(TcpEnd.ADDRESS_MAX)).isEqualTo(1);
        opened.get(0).close().syncUninterruptibly();
        assertThat(connect("192.0.2.1").isOpen()).isTrue();
        assertThat(ended(TcpEnd.CLOSED_BY_CLIENT)).isEqualTo(1);
    }

    @Test
    void theRateOfConnectionsIsLimited() {
        for (int i = 0; i < 300; i++) {
            connect("192.0.2." + i % 250);
        }
        assertThat(statistics.tcp().accepted()).isEqualTo(300);
        assertThat(ended(TcpEnd.ACCEPT_RATE)).isEqualTo(200);
        assertThat(statistics.tcp().connections()).isLessThanOrEqualTo(CONNECTIONS_MAX);
    }

    @Test
    void aConnectionThatItsTransportHasLeftIsClosed() {
        EmbeddedChannel channel = connectChecked("192.0.2.1");
        advanceSeconds(2);
        assertThat(channel.isOpen()).isTrue();
        core.validated.clear();
        advanceSeconds(1);
        assertThat(channel.isOpen()).isFalse();
        assertThat(ended(TcpEnd.UNUSED)).isEqualTo(1);
    }

    @Test
    void theCoreIsToldOfTheEndOfACheckedConnection() {
        EmbeddedChannel channel = connectChecked("192.0.2.1");
        core.calls.clear();
        channel.close().syncUninterruptibly();
        assertThat(core.calls).containsExactly("closed", "drain");
        assertThat(statistics.tcp().connections()).isZero();
        assertThat(ended(TcpEnd.CLOSED_BY_CLIENT)).isEqualTo(1);
    }

    @Test
    void packetsForAnEndedConnectionAreDroppedAndCounted() {
        core.echoes = true;
        EmbeddedChannel channel = connectChecked("192.0.2.1");
        SocketAddress remote = core.validated.iterator().next();
        channel.close().syncUninterruptibly();
        ByteBuf late = Unpooled.buffer().writeByte(1);
        handler.onTask(open -> open.queue(late, remote));
        assertThat(late.refCnt()).isZero();
        assertThat(statistics.tcpQueueDrops()).isEqualTo(1);
    }

    @Test
    void nothingIsAdmittedAfterTheClose() {
        EmbeddedChannel channel = connectChecked("192.0.2.1");
        connections.close();
        assertThat(channel.isOpen()).isFalse();
        assertThat(connect("192.0.2.2").isOpen()).isFalse();
        assertThat(ended(TcpEnd.SHUTDOWN)).isEqualTo(2);
    }
}
