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
 * Virtual time and the network of one simulated call. The clock jumps from event to event, so minutes of a call take
 * milliseconds. The same seed gives the same call.
 */
public final class Simulation {
    /** The start of the clock. It is not zero, because some code could take zero for "never". */
    private static final long START_NANOS = 5_000_000_000L;

    /** The offset of the simulated wall clock from virtual time. Virtual time 0 is 2026-01-01. */
    static final long UNIX_MINUS_MONOTONIC_NANOS = 1_767_225_600_000_000_000L;

    /** Receives the datagrams of an address. The receiver may keep the array. */
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
    private final Map<InetSocketAddress, SimulatedLink> links = new HashMap<>(); // The key is the peer's address.
    private final RandomGenerator random;
    private final UnpooledByteBufAllocator allocator =
            new UnpooledByteBufAllocator(true, true); // Counts the bytes in use, so no leak detector is needed.
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

    /** Returns the allocator that all parts share. It counts the bytes in use. */
    public UnpooledByteBufAllocator allocator() {
        return allocator;
    }

    /** Returns the size of all buffers that are not released yet. It must be zero after everything is closed. */
    public long bytesInUse() {
        return allocator.metric().usedDirectMemory() + allocator.metric().usedHeapMemory();
    }

    /** Returns an address that is not used yet. */
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

    /** Connects this peer's address to the network through the link. */
    void connect(InetSocketAddress peer, SimulatedLink link) {
        links.put(peer, link);
    }

    /** Sends a datagram through the link of its sender or receiver. Without a link the datagram arrives at once. */
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

    /** Lets the given time pass. */
    public void runMs(long ms) {
        long end = nowNanos + ms * 1_000_000L;
        Event next = events.peek();
        while (next != null && next.atNanos <= end) {
            step();
            next = events.peek();
        }
        nowNanos = end;
    }

    /** Lets time pass until the condition holds. Throws when the limit is reached. */
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
