package org.rotunda.media.net;

import io.netty.channel.EventLoop;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * The executor of a loop. It is made before the core and its handler, because the core needs an executor. {@link #bind}
 * sets the handler later. A drain follows each task. A task that comes after the close of the socket is not run.
 */
final class LateExecutor implements Executor {
    private final EventLoop eventLoop;
    private volatile @Nullable MediaSocketHandler<?> handler;

    LateExecutor(EventLoop eventLoop) {
        this.eventLoop = eventLoop;
    }

    void bind(MediaSocketHandler<?> socketHandler) {
        handler = socketHandler;
    }

    @Override
    public void execute(Runnable task) {
        try {
            eventLoop.execute(() -> {
                MediaSocketHandler<?> bound = handler;
                if (bound != null) {
                    bound.onTask(core -> task.run());
                }
            });
        } catch (RejectedExecutionException e) {
            return; // The loop has ended, so the task is dropped.
        }
    }
}
