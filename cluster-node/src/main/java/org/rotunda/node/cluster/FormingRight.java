package org.rotunda.node.cluster;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * The right of a node to form a new cluster. A node without the right keeps looking for an existing cluster. Callable
 * from any thread. Never blocks.
 */
@FunctionalInterface
public interface FormingRight {
    /**
     * The right of a node whose database no other node can use. No other node can have formed a cluster on that
     * database.
     */
    FormingRight ALWAYS = () -> CompletableFuture.completedFuture(true);

    /** The right of a node that never forms a cluster and only joins the clusters of other nodes. */
    FormingRight NEVER = () -> CompletableFuture.completedFuture(false);

    /**
     * Asks for the right. The result is true if this node has the right now. The result is false if another cluster may
     * be alive, or if that is unknown. The stage never fails.
     */
    CompletionStage<Boolean> take();
}
