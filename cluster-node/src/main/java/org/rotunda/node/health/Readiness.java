package org.rotunda.node.health;

import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.pekko.actor.AbstractExtensionId;
import org.apache.pekko.actor.ClassicActorSystemProvider;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.actor.Extension;
import org.apache.pekko.actor.ExtensionIdProvider;

/**
 * Tells whether this node accepts new work. A node does so from the end of its start to the beginning of its shutdown.
 * Callable from any thread.
 */
public final class Readiness implements Extension {
    private final AtomicBoolean ready = new AtomicBoolean();

    public static Readiness of(ClassicActorSystemProvider system) {
        return Id.INSTANCE.get(system);
    }

    public void set(boolean value) {
        ready.set(value);
    }

    public boolean isReady() {
        return ready.get();
    }

    /** The id of this extension in the actor system. */
    static final class Id extends AbstractExtensionId<Readiness> implements ExtensionIdProvider {
        static final Id INSTANCE = new Id();

        @Override
        public Readiness createExtension(ExtendedActorSystem system) {
            return new Readiness();
        }

        @Override
        public Id lookup() {
            return INSTANCE;
        }
    }
}
