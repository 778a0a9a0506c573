package org.rotunda.media.net;

import io.netty.channel.EventLoop;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * A loop's executor that is made before the handler whose core it serves: that core's factory needs it. Each task is
 * followed by a drain; a task that comes after the close is not run.
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
            return; // The socket is closed: there is no core to act on.
        }
    }
}
