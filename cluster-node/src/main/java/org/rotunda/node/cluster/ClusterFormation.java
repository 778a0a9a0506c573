package org.rotunda.node.cluster;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
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
import org.rotunda.node.config.Endpoint;

/**
 * Makes a node a member of a cluster. The node joins through its seeds, or through nodes that discovery finds. If there
 * are neither seeds nor discovery, the node forms a cluster of its own. Of the nodes with a list of seeds, only the
 * first seed of the list forms a cluster, if there is none yet. A node forms a cluster only if it has the right to do
 * so. No node has this right while another cluster uses the node's database.
 */
public final class ClusterFormation {
    private static final String PROTOCOL = "pekko";

    /** The pause between two questions for the right to form a cluster. */
    private static final Duration RIGHT_RETRY = Duration.ofMillis(500);

    private ClusterFormation() {}

    /**
     * Joins the cluster. With discovery, the management port must be open, because nodes ask each other there.
     *
     * @param right the right that is taken before this node forms a new cluster
     * @return a stage that completes when this node is an up member. It fails with {@link NotJoinedException} if the
     *     node is not up within the join timeout, with {@link DownedException} if the other nodes counted it as lost
     *     before, and with {@link IllegalArgumentException} if the cluster refuses its configuration
     */
    public static CompletionStage<Done> join(ActorSystem<?> system, ClusterSettings settings, FormingRight right) {
        CompletableFuture<Done> up = new CompletableFuture<>();
        org.apache.pekko.cluster.Cluster.get(Adapter.toClassic(system))
                .registerOnMemberUp(() -> up.complete(Done.getInstance()));
        system.getWhenTerminated()
                .whenComplete((done, failure) -> up.completeExceptionally(
                        refused(CoordinatedShutdown.get(system).getShutdownReason())));
        begin(system, settings, right, up);
        return up.orTimeout(settings.joinTimeout().toMillis(), TimeUnit.MILLISECONDS)
                .exceptionallyCompose(failure -> CompletableFuture.failedFuture(
                        failure instanceof TimeoutException ? notJoined(settings) : failure));
    }

    private static void begin(
            ActorSystem<?> system, ClusterSettings settings, FormingRight right, CompletableFuture<Done> up) {
        if (settings.discovery().isPresent()) {
            FormingRights.of(system).set(right);
            ClusterBootstrap.get(system).start();
        } else if (settings.isFirstSeed() || settings.seeds().isEmpty()) {
            form(system, settings, right, up);
        } else {
            joinThrough(system, settings.seeds());
        }
    }

    /** Forms a cluster as soon as this node has the right. Until then, tries to join a cluster of the other seeds. */
    private static void form(
            ActorSystem<?> system, ClusterSettings settings, FormingRight right, CompletableFuture<Done> up) {
        right.take().thenAccept(taken -> {
            if (!taken) {
                joinThrough(system, settings.otherSeeds());
                formLater(system, right, up);
            } else if (settings.seeds().isEmpty()) {
                joinSelf(system);
            } else {
                // This node is the first seed of the list, so Pekko first asks the other seeds for a cluster. If they
                // have none, this node forms one.
                joinThrough(system, settings.seeds());
            }
        });
    }

    private static void formLater(ActorSystem<?> system, FormingRight right, CompletableFuture<Done> up) {
        system.scheduler()
                .scheduleOnce(
                        RIGHT_RETRY,
                        () -> {
                            if (!up.isDone()) {
                                right.take().thenAccept(taken -> {
                                    if (!taken) {
                                        formLater(system, right, up);
                                    } else if (!up.isDone()) {
                                        joinSelf(system); // No other seed has had a cluster in the meantime.
                                    }
                                });
                            }
                        },
                        system.executionContext());
    }

    private static void joinSelf(ActorSystem<?> system) {
        Cluster cluster = Cluster.get(system);
        cluster.manager().tell(Join.create(cluster.selfMember().address()));
    }

    private static void joinThrough(ActorSystem<?> system, List<Endpoint> seeds) {
        if (!seeds.isEmpty()) {
            Cluster.get(system)
                    .manager()
                    .tell(new JoinSeedNodes(seeds.stream()
                            .map(seed -> new Address(PROTOCOL, system.name(), seed.host(), seed.port()))
                            .toList()));
        }
    }

    private static NotJoinedException notJoined(ClusterSettings settings) {
        return new NotJoinedException("this node (" + settings.self() + ") is no member of a cluster after "
                + settings.joinTimeout().toSeconds() + " s; it " + settings.describe()
                + (settings.seeds().isEmpty() || settings.isFirstSeed()
                        ? "; the log says why it formed no cluster itself"
                        : "; the first of them forms the cluster, so it must have been started"));
    }

    /**
     * Returns the failure of a join whose actor system ended for this reason. Pekko ends the actor system of a joining
     * node if its configuration does not fit the cluster's, and that of a node that was downed.
     */
    static RuntimeException refused(Optional<CoordinatedShutdown.Reason> reason) {
        Object why = reason.orElse(null);
        if (why instanceof CoordinatedShutdown.IncompatibleConfigurationDetectedReason$) {
            return new IllegalArgumentException("the cluster refuses this node, because its version is not a"
                    + " neighbour of the other nodes' version, or because its configuration under pekko.cluster differs"
                    + " from theirs; the log says which");
        }
        return why instanceof CoordinatedShutdown.ClusterDowningReason$
                ? new DownedException()
                : new IllegalStateException("this node was stopped before it was a member of a cluster");
    }
}
