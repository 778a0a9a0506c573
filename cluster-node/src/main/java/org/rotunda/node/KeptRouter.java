package org.rotunda.node;

import java.security.SecureRandom;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.apache.pekko.actor.typed.ActorSystem;
import org.jspecify.annotations.Nullable;
import org.rotunda.media.control.MediaPlatform;
import org.rotunda.media.control.MediaSettings;
import org.rotunda.media.net.EventLoopMediaRouter;
import org.rotunda.room.mediaplane.ProcessRouter;

/**
 * Keeps the media router of a process. The node may start several times within the process, and all starts use the same
 * router. The first start opens the router. Used by the thread that starts the node.
 */
final class KeptRouter implements AutoCloseable {
    private @Nullable ProcessRouter router;
    private @Nullable MediaPlatform platform; // Set together with the router.

    /**
     * Returns the router, which the first call opens.
     *
     * @throws IllegalStateException if the router could not be opened, for instance because a port is in use
     */
    ProcessRouter open(ActorSystem<?> system, MediaSettings settings, SecureRandom random) {
        ProcessRouter present = router;
        if (present == null) {
            try {
                present = ProcessRouter.open(
                        mediaNodeId(system, random),
                        listener -> opened(EventLoopMediaRouter.open(settings, listener, random)));
            } catch (Exception failure) { // Netty throws the checked exceptions of bind without declaring them.
                throw new IllegalStateException("the media router could not start: " + failure.getMessage(), failure);
            }
            router = present;
        }
        return present;
    }

    private EventLoopMediaRouter opened(EventLoopMediaRouter opened) {
        platform = opened.platform();
        return opened;
    }

    /** Returns what the router uses of its machine; empty before it is opened. */
    Optional<MediaPlatform> platform() {
        return Optional.ofNullable(platform);
    }

    /**
     * Returns the id of this process's media node: the address that the node has at its first start, and a random part
     * that differs from process to process.
     */
    private static String mediaNodeId(ActorSystem<?> system, RandomGenerator random) {
        return system.address().hostPort() + "#" + Long.toHexString(random.nextLong());
    }

    /** Returns whether the router has transports of clients. */
    boolean isInUse() {
        ProcessRouter present = router;
        return present != null && present.router().statistics().transports() > 0;
    }

    @Override
    public void close() {
        ProcessRouter present = router;
        router = null;
        platform = null;
        if (present != null) {
            present.close();
        }
    }
}
