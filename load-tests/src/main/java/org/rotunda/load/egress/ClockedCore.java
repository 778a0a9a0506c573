package org.rotunda.load.egress;

import io.netty.buffer.ByteBuf;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;
import org.rotunda.media.router.MediaCore;
import org.rotunda.media.router.RouterCore;
import org.rotunda.media.router.Transmitter;
import org.rotunda.media.time.Deadline;

/**
 * A router core that was set up on virtual time and goes on in real time. It only shifts the times. Owned by one media
 * loop.
 */
final class ClockedCore implements MediaCore {
    private final RouterCore core;
    private final long aheadNanos; // The virtual time minus the loop's time.

    ClockedCore(RouterCore core, long aheadNanos) {
        this.core = core;
        this.aheadNanos = aheadNanos;
    }

    RouterCore core() {
        return core;
    }

    @Override
    public void onDatagram(ByteBuf datagram, SocketAddress source, long nowNanos) {
        core.onDatagram(datagram, source, nowNanos + aheadNanos);
    }

    @Override
    public boolean isValidated(SocketAddress source) {
        return core.isValidated(source);
    }

    @Override
    public void onClosed(SocketAddress source, long nowNanos) {
        core.onClosed(source, nowNanos + aheadNanos);
    }

    @Override
    public void onTimeout(long nowNanos) {
        core.onTimeout(nowNanos + aheadNanos);
    }

    @Override
    public void drainTo(Transmitter transmitter) {
        core.drainTo(transmitter);
    }

    @Override
    public long nextDeadlineNanos() {
        long deadlineNanos = core.nextDeadlineNanos();
        return deadlineNanos == Deadline.NO_DEADLINE ? deadlineNanos : deadlineNanos - aheadNanos;
    }

    @Override
    public @Nullable Object handled() {
        return core.handled();
    }

    @Override
    public void close() {
        core.close();
    }
}
