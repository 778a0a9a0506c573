package org.rotunda.node.cluster;

import org.apache.pekko.actor.AbstractExtensionId;
import org.apache.pekko.actor.ClassicActorSystemProvider;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.actor.Extension;
import org.apache.pekko.actor.ExtensionIdProvider;

/**
 * The forming right of this actor system's node. {@link ClaimingJoinDecider} finds the right here, because Pekko
 * creates the decider and cannot pass the right to it. The node has no right until {@link #set} is called.
 */
final class FormingRights implements Extension {
    private volatile FormingRight right = FormingRight.NEVER;

    static FormingRights of(ClassicActorSystemProvider system) {
        return Id.INSTANCE.get(system);
    }

    void set(FormingRight next) {
        right = next;
    }

    FormingRight right() {
        return right;
    }

    /** The id of this extension. */
    static final class Id extends AbstractExtensionId<FormingRights> implements ExtensionIdProvider {
        static final Id INSTANCE = new Id();

        @Override
        public FormingRights createExtension(ExtendedActorSystem system) {
            return new FormingRights();
        }

        @Override
        public Id lookup() {
            return INSTANCE;
        }
    }
}
