package org.rotunda.media.testkit;

import io.netty.buffer.UnpooledByteBufAllocator;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.HashMap;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * Virtual time and the network of one simulated call. Nothing waits: the clock jumps from event to event, so minutes of call take
 * milliseconds, and the same seed gives the same call.
 */
public final class Simulation {
    /** Not zero, so that arithmetic that takes zero for "never" shows. */
    private static final long START_NANOS = 5_000_000_000L;

    /** What stands for the wall clock: 2026-01-01. */
    static final long UNIX_MINUS_MONOTONIC_NANOS = 1_767_225_600_000_000_000L;

    /** Who receives datagrams at an address. The array is the receiver's to keep. */
    @FunctionalInterface
    public interface Endpoint {
        void onDatagram(byte[] datagram, InetSocketAddress source);
    }

    private record Event(long atNanos, long order, Runnable action) implements Comparable<Event> {
        @Override
        public int compareTo(Event other) {
            int byTime = Long.compare(atNanos, other.atNanos);
            return byTime != 0 ? byTime : Long.compare(order, other.order);
        }
    }

    private final PriorityQueue<Event> events = new PriorityQueue<>();
    private final Map<InetSocketAddress, Endpoint> endpoints = new HashMap<>();
    private final Map<InetSocketAddress, SimulatedLink> links = new HashMap<>(); // By the peer's address.
    private final RandomGenerator random;
    private final UnpooledByteBufAllocator allocator =
            new UnpooledByteBufAllocator(true, true); // It counts: no detector.
    private long nowNanos = START_NANOS;
    private long order;
    private int hosts;

    public Simulation(long seed) {
        random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    }

    public long nowNanos() {
        return nowNanos;
    }

    public RandomGenerator random() {
        return random;
    }

    /** One for all, which counts what is in use. */
    public UnpooledByteBufAllocator allocator() {
        return allocator;
    }

    /** Bytes that somebody holds; zero once everyone has let go. */
    public long bytesInUse() {
        return allocator.metric().usedDirectMemory() + allocator.metric().usedHeapMemory();
    }

    /** An address nobody else has. */
    InetSocketAddress newAddress() {
        hosts++;
        try {
            byte[] ip = {10, 0, (byte) (hosts >> 8), (byte) hosts};
            return new InetSocketAddress(InetAddress.getByAddress(ip), 10_000 + hosts);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("four bytes are an address", e);
        }
    }

    void attach(InetSocketAddress address, Endpoint endpoint) {
        endpoints.put(address, endpoint);
    }

    void detach(InetSocketAddress address) {
        endpoints.remove(address);
    }

    /** The datagrams of whoever is at this address pass this link, both ways. */
    void connect(InetSocketAddress peer, SimulatedLink link) {
        links.put(peer, link);
    }

    /** Sends a datagram over the link of the peer among the two; between others it arrives at once. */
    public void send(InetSocketAddress source, InetSocketAddress destination, byte[] datagram) {
        SimulatedLink up = links.get(source);
        SimulatedLink down = links.get(destination);
        if (up != null) {
            up.up().send(this, datagram, bytes -> deliver(source, destination, bytes));
        } else if (down != null) {
            down.down().send(this, datagram, bytes -> deliver(source, destination, bytes));
        } else {
            deliver(source, destination, datagram);
        }
    }

    private void deliver(InetSocketAddress source, InetSocketAddress destination, byte[] datagram) {
        Endpoint endpoint = endpoints.get(destination);
        if (endpoint != null) {
            endpoint.onDatagram(datagram, source);
        }
    }

    public void at(long atNanos, Runnable action) {
        events.add(new Event(Math.max(atNanos, nowNanos), order++, action));
    }

    public void after(long delayNanos, Runnable action) {
        at(nowNanos + delayNanos, action);
    }

    /** Lets the time pass. */
    public void runMs(long ms) {
        long end = nowNanos + ms * 1_000_000L;
        Event next = events.peek();
        while (next != null && next.atNanos <= end) {
            step();
            next = events.peek();
        }
        nowNanos = end;
    }

    /** Lets the time pass until the condition holds; fails after the limit. */
    public void await(String what, long limitMs, BooleanSupplier condition) {
        long end = nowNanos + limitMs * 1_000_000L;
        while (!condition.getAsBoolean()) {
            Event next = events.peek();
            if (next == null || next.atNanos > end) {
                throw new AssertionError("not within " + limitMs + " ms: " + what);
            }
            step();
        }
    }

    private void step() {
        Event event = events.remove();
        nowNanos = event.atNanos;
        event.action.run();
    }
}
