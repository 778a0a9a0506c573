package org.rotunda.media.net;

import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoRegistration;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The I/O handler of a loop. It measures the time in which the loop waits for work. All other time counts as work: the
 * loop handles datagrams, runs tasks, or waits for a processor. Only the loop calls the handler. Any thread may read
 * the measured time. The measurement reads the clock four times in each turn.
 */
final class MeteredIoHandler implements IoHandler {
    private final IoHandler handler;
    private final Context context = new Context();
    private final AtomicLong waitedNanos = new AtomicLong();

    MeteredIoHandler(IoHandler handler) {
        this.handler = handler;
    }

    /** Returns the time for which the loop has waited since its start. The current wait is added when it ends. */
    long waitedNanos() {
        return waitedNanos.getOpaque();
    }

    @Override
    public int run(IoHandlerContext loop) {
        context.loop = loop;
        context.activeNanos = 0;
        long beginNanos = System.nanoTime();
        int handled = handler.run(context);
        long waited = System.nanoTime() - beginNanos - context.activeNanos;
        // There is one writer, so no compare-and-set is needed.
        waitedNanos.setOpaque(waitedNanos.getPlain() + Math.max(0, waited));
        return handled;
    }

    @Override
    public void initialize() {
        handler.initialize();
    }

    @Override
    public void prepareToDestroy() {
        handler.prepareToDestroy();
    }

    @Override
    public void destroy() {
        handler.destroy();
    }

    @Override
    public IoRegistration register(IoHandle handle) throws Exception {
        return handler.register(handle);
    }

    @Override
    public void wakeup() {
        handler.wakeup();
    }

    @Override
    public boolean isCompatible(Class<? extends IoHandle> handleType) {
        return handler.isCompatible(handleType);
    }

    /**
     * Passes the loop's context on to the wrapped handler. It also makes the wrapped handler report the time spent on
     * datagrams, which does not count as waiting.
     */
    private static final class Context implements IoHandlerContext {
        private @Nullable IoHandlerContext loop; // Set before each run of the handler.
        private long activeNanos;

        private IoHandlerContext loop() {
            IoHandlerContext current = loop;
            if (current == null) {
                throw new IllegalStateException("the handler does not run");
            }
            return current;
        }

        @Override
        public boolean canBlock() {
            return loop().canBlock();
        }

        @Override
        public long delayNanos(long currentTimeNanos) {
            return loop().delayNanos(currentTimeNanos);
        }

        @Override
        public long deadlineNanos() {
            return loop().deadlineNanos();
        }

        @Override
        public boolean shouldReportActiveIoTime() {
            return true;
        }

        @Override
        public void reportActiveIoTime(long nanos) {
            activeNanos += nanos;
            if (loop().shouldReportActiveIoTime()) {
                loop().reportActiveIoTime(nanos);
            }
        }
    }
}
