package org.rotunda.node.cluster;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * The right of a node to form a new cluster. Without the right the node goes on looking for a cluster. Callable from
 * any thread; never blocks.
 */
@FunctionalInterface
public interface FormingRight {
    /** The right of a node whose database no other node can use: nobody else can have formed a cluster on it. */
    FormingRight ALWAYS = () -> CompletableFuture.completedFuture(true);

    /** The right of a node without a database, which only joins the clusters of others. */
    FormingRight NEVER = () -> CompletableFuture.completedFuture(false);

    /** Takes the right. The result is false, and never a failure, if another cluster may be alive. */
    CompletionStage<Boolean> take();
}
