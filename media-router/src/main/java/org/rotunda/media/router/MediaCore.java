package org.rotunda.media.router;

import io.netty.buffer.ByteBuf;
import java.net.InetSocketAddress;
import org.rotunda.media.time.Deadline;

/**
 * All rooms of one event loop, without I/O. The shell in {@code media.net} feeds this sans-IO core from one UDP port.
 *
 * <p>All methods are called only on the loop that owns the core. The shell feeds a whole read batch, a due deadline or
 * one command, then calls {@link #drainTo} once and schedules a single wake-up from {@link #nextDeadlineNanos}. Times
 * are the loop's monotonic nanoseconds, on the scale of {@link System#nanoTime}.
 */
public interface MediaCore {
    /**
     * Takes one datagram from the loop's port, borrowed for the call. Bytes that are needed after the drain are copied,
     * not retained: the datagram is a slice of the 64 KiB buffer of a whole read batch, and retaining it would pin that
     * buffer.
     *
     * @param nowNanos the time of arrival, the same for all datagrams of a read batch
     */
    void onDatagram(ByteBuf datagram, InetSocketAddress source, long nowNanos);

    /** Acts on deadlines that have passed. The call may come late, and may come when nothing is due. */
    void onTimeout(long nowNanos);

    /** Hands over all datagrams that may be sent now. The order per remote address is kept. */
    void drainTo(Transmitter transmitter);

    /**
     * The time of the next call of {@link #onTimeout}, or {@link Deadline#NO_DEADLINE}. The shell asks for it after
     * every drain.
     */
    long nextDeadlineNanos();

    /** Releases every buffer that is still held, because the socket is closed. This is the last call, made once. */
    void close();
}
