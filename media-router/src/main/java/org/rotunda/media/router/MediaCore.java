package org.rotunda.media.router;

import io.netty.buffer.ByteBuf;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;
import org.rotunda.media.time.Deadline;

/**
 * All rooms of one event loop, without I/O. The shell in {@code media.net} feeds this core from one UDP port and from
 * TCP connections. The remote address of a packet is an {@link java.net.InetSocketAddress} for UDP, or a {@link
 * org.rotunda.media.ice.TcpRemote}.
 *
 * <p>All methods are called only on the loop that owns the core. The shell feeds a whole read batch, a due deadline or
 * one command, then calls {@link #drainTo} once and schedules a single wake-up from {@link #nextDeadlineNanos}. Times
 * are the loop's monotonic nanoseconds, on the scale of {@link System#nanoTime}.
 */
public interface MediaCore {
    /**
     * Takes one datagram from the loop's port, or one packet of a TCP connection. The datagram is borrowed for the call.
     * Bytes that are needed after the next drain are copied, because the datagram is a slice of the 64 KiB buffer of a
     * read batch, and retaining it would keep the whole buffer in memory.
     *
     * @param nowNanos the time of arrival, the same for all datagrams of a read batch
     */
    void onDatagram(ByteBuf datagram, SocketAddress source, long nowNanos);

    /**
     * Returns whether packets from this address belong to an open transport, because an authentic check has come from
     * there. A TCP connection for which this is false serves no client.
     */
    boolean isValidated(SocketAddress source);

    /** Takes the end of a TCP connection. The caller must then call {@link #drainTo}. */
    void onClosed(SocketAddress source, long nowNanos);

    /** Acts on deadlines that have passed. The call may come late, and may come when nothing is due. */
    void onTimeout(long nowNanos);

    /** Passes to the transmitter all datagrams that may be sent now. The order per remote address is kept. */
    void drainTo(Transmitter transmitter);

    /**
     * Returns the time for the next call of {@link #onTimeout}, or {@link Deadline#NO_DEADLINE}. The shell asks for it
     * after every drain.
     */
    long nextDeadlineNanos();

    /**
     * Returns the object that the core handles now or has handled last. The shell logs it if a turn of the loop takes
     * too long. The result is null if the core does not support this. Any thread may call this method.
     */
    default @Nullable Object handled() {
        return null;
    }

    /** Releases all buffers that are still held. Called once, after the socket was closed. No other call follows. */
    void close();
}
