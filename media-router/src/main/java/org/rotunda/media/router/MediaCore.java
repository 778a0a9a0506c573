package org.rotunda.media.router;

import io.netty.buffer.ByteBuf;
import java.net.InetSocketAddress;
import org.rotunda.media.time.Deadline;

/**
 * All rooms of one event loop, without I/O: the sans-IO core that the shell in {@code media.net} feeds from one UDP
 * port.
 *
 * <p>Called only on the loop that owns it. The shell feeds a whole read batch, a due deadline or one command, then
 * calls {@link #drainTo} once and schedules a single wake-up from {@link #nextDeadlineNanos}. Times are the loop's
 * monotonic nanoseconds, on the scale of {@link System#nanoTime}.
 */
public interface MediaCore {
    /**
     * One datagram from the loop's port, borrowed for the call. Bytes that are needed after the drain are copied, not
     * retained: the datagram is a slice of a whole read batch's buffer, 64 KiB, which retaining would pin.
     *
     * @param nowNanos the time of arrival, one for all datagrams of a read batch
     */
    void onDatagram(ByteBuf datagram, InetSocketAddress source, long nowNanos);

    /** Some deadline has passed. May come late, and may come when nothing is due. */
    void onTimeout(long nowNanos);

    /** Hands over all datagrams that may be sent now, in order per remote address. */
    void drainTo(Transmitter transmitter);

    /**
     * The time of the next call of {@link #onTimeout}, or {@link Deadline#NO_DEADLINE}. Asked for after every drain.
     */
    long nextDeadlineNanos();

    /** The socket is gone: releases every buffer still held. Called last, once. */
    void close();
}
