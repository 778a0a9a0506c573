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
     * The right of a node that may form a cluster at any time. Either no other node can use its database, or the node
     * has no database and is configured to be alone.
     */
    FormingRight ALWAYS = () -> CompletableFuture.completedFuture(true);

    /** The right of a node that never forms a cluster and only joins the clusters of other nodes. */
    FormingRight NEVER = () -> CompletableFuture.completedFuture(false);

    /**
     * Asks for the right. The result is true if this node then holds the right. The result is false if another cluster
     * may be alive, if that is unknown, or if this node never forms a cluster. The stage never fails.
     */
    CompletionStage<Boolean> take();
}
