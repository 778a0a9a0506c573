package org.rotunda.node.cluster;

import java.util.List;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Join;
import org.apache.pekko.cluster.typed.JoinSeedNodes;
import org.rotunda.node.config.NodeSettings;

/** How a node becomes a member: through its seeds, or as a cluster of its own when it has none. */
public final class ClusterFormation {
    private static final String PROTOCOL = "pekko";

    private ClusterFormation() {}

    public static void join(ActorSystem<?> system, NodeSettings.ClusterSettings settings) {
        Cluster cluster = Cluster.get(system);
        if (settings.seeds().isEmpty()) {
            cluster.manager().tell(Join.create(cluster.selfMember().address()));
            return;
        }
        List<Address> seeds = settings.seeds().stream()
                .map(seed -> new Address(PROTOCOL, system.name(), seed.host(), seed.port()))
                .toList();
        cluster.manager().tell(new JoinSeedNodes(seeds));
    }
}
