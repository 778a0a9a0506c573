package org.rotunda.node.cluster;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.pekko.Done;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Join;
import org.apache.pekko.cluster.typed.JoinSeedNodes;
import org.apache.pekko.management.cluster.bootstrap.ClusterBootstrap;
import org.rotunda.node.config.ClusterSettings;

/**
 * Makes a node a member of a cluster. The node joins through its seeds, or through nodes that discovery finds. If there
 * are neither seeds nor discovery, the node forms a cluster of its own. If there is no cluster yet, only the first seed
 * of the list forms one.
 */
public final class ClusterFormation {
    private static final String PROTOCOL = "pekko";

    private ClusterFormation() {}

    /**
     * Joins the cluster. With discovery, the management port must be open, because nodes ask each other there.
     *
     * @return a stage that completes when this node is an up member. It fails with {@link IllegalStateException} if the
     *     node is not up within the join timeout, and with {@link IllegalArgumentException} if the cluster refuses its
     *     configuration
     */
    public static CompletionStage<Done> join(ActorSystem<?> system, ClusterSettings settings) {
        CompletableFuture<Done> up = new CompletableFuture<>();
        org.apache.pekko.cluster.Cluster.get(Adapter.toClassic(system))
                .registerOnMemberUp(() -> up.complete(Done.getInstance()));
        system.getWhenTerminated().whenComplete((done, failure) -> up.completeExceptionally(refused(system)));
        begin(system, settings);
        return up.orTimeout(settings.joinTimeout().toMillis(), TimeUnit.MILLISECONDS)
                .exceptionallyCompose(failure -> CompletableFuture.failedFuture(
                        failure instanceof TimeoutException ? notJoined(settings) : failure));
    }

    private static void begin(ActorSystem<?> system, ClusterSettings settings) {
        Cluster cluster = Cluster.get(system);
        if (settings.discovery().isPresent()) {
            ClusterBootstrap.get(system).start();
        } else if (settings.seeds().isEmpty()) {
            cluster.manager().tell(Join.create(cluster.selfMember().address()));
        } else {
            List<Address> seeds = settings.seeds().stream()
                    .map(seed -> new Address(PROTOCOL, system.name(), seed.host(), seed.port()))
                    .toList();
            cluster.manager().tell(new JoinSeedNodes(seeds));
        }
    }

    private static IllegalStateException notJoined(ClusterSettings settings) {
        return new IllegalStateException("this node (" + settings.self() + ") is no member of a cluster after "
                + settings.joinTimeout().toSeconds() + " s; it " + settings.describe()
                + (settings.seeds().isEmpty() || settings.isFirstSeed()
                        ? ""
                        : "; the first of them forms the cluster, so it must have been started"));
    }

    /**
     * Returns the reason why the actor system ended. Pekko ends the actor system of a joining node if its configuration
     * does not fit the cluster's.
     */
    private static RuntimeException refused(ActorSystem<?> system) {
        boolean incompatible = CoordinatedShutdown.get(system)
                .getShutdownReason()
                .filter(CoordinatedShutdown.IncompatibleConfigurationDetectedReason$.class::isInstance)
                .isPresent();
        return incompatible
                ? new IllegalArgumentException("the cluster refuses this node, because its configuration under"
                        + " pekko.cluster differs from that of the other nodes; the log names the keys")
                : new IllegalStateException("this node was stopped before it was a member of a cluster");
    }
}
