package org.rotunda.media.sctp;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/**
 * Two ends of data channels over a simulated link, on virtual time. The server's stream ids are odd, the client's are
 * even.
 */
final class SctpPair {
    static final long MS = 1_000_000L;

    /**
     * The allocator of both ends. It has no leak tracking, which would take most of the time. {@link
     * SctpLibwebrtcInteropTest} uses Netty's default allocator.
     */
    static final ByteBufAllocator ALLOCATOR = new UnpooledByteBufAllocator(false, true);

    /** The faults of the link. Probabilities are in percent. */
    record Link(int lossPercent, int duplicatePercent, int delayMs, int jitterMs) {
        static final Link PERFECT = new Link(0, 0, 10, 0);
    }

    @SuppressWarnings("ArrayRecordComponent") // The record is never compared.
    private record InFlight(long dueNanos, long number, boolean toServer, byte[] bytes) {}

    final RecordingListener serverEvents = new RecordingListener();
    final RecordingListener clientEvents = new RecordingListener();
    DataChannels server;
    DataChannels client;
    long nowNanos = 1_000 * MS;
    Link link;
    Predicate<byte[]> dropToClient = packet -> false;
    Predicate<byte[]> dropToServer = packet -> false;
    long packets;

    private final PriorityQueue<InFlight> inFlight = new PriorityQueue<>((a, b) ->
            a.dueNanos != b.dueNanos ? Long.compare(a.dueNanos, b.dueNanos) : Long.compare(a.number, b.number));
    private final Random random;
    private final SctpSettings settings;

    SctpPair(long seed, Link link) {
        this(seed, link, SctpSettings.DEFAULT);
    }

    SctpPair(long seed, Link link, SctpSettings settings) {
        this.random = new Random(seed);
        this.link = link;
        this.settings = settings;
        server = end(serverEvents, false);
        client = end(clientEvents, true);
    }

    static SctpPair established() {
        SctpPair pair = new SctpPair(1, Link.PERFECT);
        pair.client.start(pair.nowNanos);
        pair.runMs(200);
        return pair;
    }

    DataChannels end(DataChannelListener listener, boolean isDtlsClient) {
        return new DataChannels(settings, new Random(random.nextLong()), ALLOCATOR, listener, isDtlsClient);
    }

    /** Replaces the server, as if its node had died. The next server knows only the channels that it adopts. */
    void replaceServer() {
        server.dispose();
        server = end(serverEvents, false);
    }

    void replaceClient() {
        client.dispose();
        client = end(clientEvents, true);
    }

    void runMs(long ms) {
        runUntil(() -> false, ms);
    }

    /** Runs until the condition holds or the time is over. Returns whether the condition holds. */
    boolean runUntil(BooleanSupplier condition, long limitMs) {
        long end = nowNanos + limitMs * MS;
        drain();
        while (!condition.getAsBoolean()) {
            long next = Math.min(server.nextDeadlineNanos(), client.nextDeadlineNanos());
            if (!inFlight.isEmpty()) {
                next = Math.min(next, inFlight.element().dueNanos);
            }
            if (next > end) {
                nowNanos = end;
                return false;
            }
            nowNanos = Math.max(nowNanos, next);
            step();
        }
        return true;
    }

    /** Passes a packet to the server without the link. */
    void toServer(byte[] packet) {
        server.onPacket(Unpooled.wrappedBuffer(packet), nowNanos);
        drain();
    }

    void toClient(byte[] packet) {
        client.onPacket(Unpooled.wrappedBuffer(packet), nowNanos);
        drain();
    }

    boolean sendText(DataChannels from, int streamId, String text) {
        return from.send(streamId, Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1), false, nowNanos);
    }

    void forgetPacketsInFlight() {
        inFlight.clear();
    }

    void drain() {
        server.drainTo(packet -> transmit(packet, false));
        client.drainTo(packet -> transmit(packet, true));
    }

    private void step() {
        while (!inFlight.isEmpty() && inFlight.element().dueNanos <= nowNanos) {
            InFlight arriving = inFlight.remove();
            (arriving.toServer ? server : client).onPacket(Unpooled.wrappedBuffer(arriving.bytes), nowNanos);
        }
        if (server.nextDeadlineNanos() <= nowNanos) {
            server.onTimeout(nowNanos);
        }
        if (client.nextDeadlineNanos() <= nowNanos) {
            client.onTimeout(nowNanos);
        }
        drain();
    }

    private void transmit(ByteBuf packet, boolean toServer) {
        byte[] bytes = ByteBufUtil.getBytes(packet);
        packet.release();
        packets++;
        if ((toServer ? dropToServer : dropToClient).test(bytes)) {
            return;
        }
        int copies = random.nextInt(100) < link.duplicatePercent ? 2 : 1;
        for (int i = 0; i < copies; i++) {
            if (random.nextInt(100) >= link.lossPercent) {
                long delayMs = (long) link.delayMs + (link.jitterMs == 0 ? 0 : random.nextInt(link.jitterMs));
                inFlight.add(new InFlight(nowNanos + delayMs * MS, packets, toServer, bytes));
            }
        }
    }
}
