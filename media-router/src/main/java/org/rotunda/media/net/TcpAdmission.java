package org.rotunda.media.net;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.rotunda.media.control.MediaTcpSettings;

/**
 * The admission of TCP connections to one loop: their number in all and for each address, and the rate at which they are
 * accepted. Time is an argument. Owned by one event loop.
 */
final class TcpAdmission {
    /** The burst of accepts, as the time in which the rate would allow it. After a restart all clients come at once. */
    private static final long BURST_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static final int IPV6_PREFIX_BYTES = 8; // Usually one client has all addresses of such a prefix.

    private final int connectionsMax;
    private final int perAddressMax;
    private final long intervalNanos;
    private final Map<Object, Integer> perAddress = new HashMap<>();
    private int connections;
    // The time up to which accepts have used up the rate. It may lie up to the burst in the past.
    private long usedUntilNanos = Long.MIN_VALUE;

    TcpAdmission(MediaTcpSettings settings) {
        this.connectionsMax = settings.connectionsMax();
        this.perAddressMax = settings.connectionsPerAddressMax();
        this.intervalNanos = TimeUnit.SECONDS.toNanos(1) / settings.acceptsPerSecond();
    }

    /**
     * Counts a new connection, and returns null if it is admitted so far. Otherwise returns the reason for its refusal.
     * The number of all connections is not limited here: see {@link #isOverfull}.
     */
    @Nullable
    TcpEnd admit(InetAddress address, long nowNanos) {
        long earliestNanos = Math.max(usedUntilNanos, nowNanos - BURST_NANOS);
        if (earliestNanos + intervalNanos > nowNanos) {
            return TcpEnd.ACCEPT_RATE;
        }
        // A refused connection uses up the rate too, because accepting it has cost the same.
        usedUntilNanos = earliestNanos + intervalNanos;
        Object key = keyOf(address);
        int ofAddress = perAddress.getOrDefault(key, 0);
        if (ofAddress >= perAddressMax) {
            return TcpEnd.ADDRESS_MAX;
        }
        perAddress.put(key, ofAddress + 1);
        connections++;
        return null;
    }

    /** Returns whether there are more connections than the maximum, so that one of them must be closed. */
    boolean isOverfull() {
        return connections > connectionsMax;
    }

    /** Notes the end of an admitted connection. */
    void onClosed(InetAddress address) {
        connections--;
        Object key = keyOf(address);
        int others = perAddress.getOrDefault(key, 1) - 1;
        if (others == 0) {
            perAddress.remove(key);
        } else {
            perAddress.put(key, others);
        }
    }

    int connections() {
        return connections;
    }

    private static Object keyOf(InetAddress address) {
        return address instanceof Inet6Address
                ? ByteBuffer.wrap(address.getAddress(), 0, IPV6_PREFIX_BYTES).getLong()
                : address;
    }
}
