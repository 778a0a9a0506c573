package org.rotunda.node;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.UnresolvedAddressException;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.apache.pekko.actor.typed.ActorSystem;
import org.jspecify.annotations.Nullable;
import org.rotunda.media.control.MediaPlatform;
import org.rotunda.media.control.MediaSettings;
import org.rotunda.media.net.EventLoopMediaRouter;
import org.rotunda.node.config.Endpoint;
import org.rotunda.node.lifeline.LifelineListener;
import org.rotunda.room.mediaplane.ProcessRouter;

/**
 * Keeps the parts of a process that outlive its node: the media router, and the listener for lifelines. The node may
 * start several times within the process, and all starts use the same parts. The first start opens them. Used by the
 * thread that starts the node.
 */
final class KeptParts implements AutoCloseable {
    private @Nullable ProcessRouter router;
    private @Nullable MediaPlatform platform; // Set together with the router.
    private @Nullable LifelineListener lifelines;

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

    /**
     * Returns the listener for lifelines, which the first call opens.
     *
     * @throws IllegalStateException if the port could not be opened, for instance because it is in use
     */
    LifelineListener lifelines(Endpoint endpoint) {
        LifelineListener present = lifelines;
        if (present == null) {
            try {
                present = LifelineListener.open(new InetSocketAddress(endpoint.host(), endpoint.port()));
            } catch (IOException | UnresolvedAddressException failure) {
                throw new IllegalStateException(
                        "cannot listen for lifelines on " + endpoint + " (rotunda.cluster.lifeline-port): "
                                + failure.getMessage(),
                        failure);
            }
            lifelines = present;
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
        LifelineListener listener = lifelines;
        router = null;
        platform = null;
        lifelines = null;
        if (present != null) {
            present.close();
        }
        if (listener != null) {
            listener.close();
        }
    }
}
