package org.rotunda.load.jmh;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;
import org.rotunda.media.rtp.PacketKind;
import org.rotunda.media.rtp.RtpHeader;

/**
 * Measures how fast the router finds the transport of a datagram. The router finds the kind of the datagram by the
 * first bytes, and the transport by the sender's address.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class DemultiplexBenchmark {
    /** The number of addresses in the table. Like the sizes of most real tables, it is not a power of two. */
    private static final int CLIENTS = 1_000;

    private static final int PORT_FIRST = 40_000;

    /**
     * The first bytes of the datagrams. Most are RTP, and some are RTCP, STUN and DTLS, as on an event loop that
     * forwards video.
     */
    private static final int[] FIRST_BYTES = {
        0x80, 0x80, 0x90, 0x80, 0x80, 0x90, 0x81, 0x80, 0x80, 0x90, 0x80, 0, 0x80, 23, 0x90, 0x80
    };

    private static final int[] SECOND_BYTES = {96, 224, 111, 96, 96, 111, 205, 96, 224, 111, 96, 1, 96, 254, 111, 96};

    private final ByteBuf[] datagrams = new ByteBuf[FIRST_BYTES.length];
    private final InetSocketAddress[] senders = new InetSocketAddress[CLIENTS];
    private final Map<InetSocketAddress, Object> byAddress = new HashMap<>();
    private int nextDatagram;
    private int nextSender;

    @Setup
    public void fill() throws UnknownHostException {
        for (int i = 0; i < datagrams.length; i++) {
            datagrams[i] = Unpooled.directBuffer(64)
                    .writeByte(FIRST_BYTES[i])
                    .writeByte(SECOND_BYTES[i])
                    .writeZero(62);
        }
        for (int i = 0; i < CLIENTS; i++) {
            byte[] address = {10, 0, (byte) (i >>> 8), (byte) i};
            byAddress.put(new InetSocketAddress(InetAddress.getByAddress(address), PORT_FIRST + i), new Object());
            senders[i] = new InetSocketAddress(
                    // The sender equals the key of the map but is another object, as in the router.
                    InetAddress.getByAddress(address), PORT_FIRST + i);
        }
    }

    @TearDown
    public void release() {
        for (ByteBuf datagram : datagrams) {
            datagram.release();
        }
    }

    /** Finds only the kind of a datagram (RFC 7983). */
    @Benchmark
    public PacketKind kind() {
        return PacketKind.of(nextDatagram());
    }

    /** Finds the kind of a datagram, its transport and, for RTP, its SSRC. */
    @Benchmark
    public void kindAndTransport(Blackhole blackhole) {
        ByteBuf datagram = nextDatagram();
        PacketKind kind = PacketKind.of(datagram);
        nextSender = nextSender + 1 == CLIENTS ? 0 : nextSender + 1;
        blackhole.consume(kind);
        blackhole.consume(byAddress.get(senders[nextSender]));
        if (kind == PacketKind.RTP) {
            blackhole.consume(RtpHeader.ssrc(datagram));
        }
    }

    private ByteBuf nextDatagram() {
        nextDatagram = (nextDatagram + 1) % datagrams.length;
        return datagrams[nextDatagram];
    }
}
