package org.rotunda.node.metrics;

import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Info;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.Collection;
import java.util.Comparator;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.apache.pekko.actor.ClassicActorSystemProvider;
import org.apache.pekko.cluster.Cluster;
import org.apache.pekko.cluster.ClusterEvent.CurrentClusterState;
import org.apache.pekko.cluster.Member;
import org.apache.pekko.cluster.MemberStatus;
import org.rotunda.node.config.NodeRole;

/**
 * The metrics of the cluster as this node sees it. The values are read when scraped, from Pekko's cluster state in
 * memory.
 */
final class ClusterMetrics {
    private final PrometheusRegistry registry;
    private final Cluster cluster;

    private ClusterMetrics(PrometheusRegistry registry, Cluster cluster) {
        this.registry = registry;
        this.cluster = cluster;
    }

    static void register(
            PrometheusRegistry registry,
            ClassicActorSystemProvider system,
            Collection<NodeRole> roles,
            BuildInfo build) {
        ClusterMetrics metrics = new ClusterMetrics(registry, Cluster.get(system));
        metrics.members();
        metrics.gauge(
                "rotunda_cluster_unreachable",
                "Members this node cannot reach",
                state -> state.getUnreachable().size());
        metrics.gauge(
                "rotunda_cluster_leader",
                "1 on the node that admits and removes members",
                state -> metrics.cluster.selfAddress().equals(state.getLeader()) ? 1 : 0);
        metrics.gauge(
                "rotunda_cluster_oldest",
                "1 on the oldest room node, which says where rooms live",
                state -> metrics.isOldestRoomNode(state) ? 1 : 0);
        Info info = Info.builder()
                .name("rotunda_node_info")
                .help("The version, commit, Java release, roles and address of this node; always 1")
                .labelNames("version", "commit", "jdk", "roles", "address")
                .register(registry);
        info.setLabelValues(
                build.version(),
                build.commit(),
                build.jdk(),
                roles.stream().map(NodeRole::wireName).sorted().collect(Collectors.joining(",")),
                metrics.cluster.selfAddress().hostPort());
    }

    private void members() {
        GaugeWithCallback.builder()
                .name("rotunda_cluster_members")
                .help("Members of the cluster as this node sees it, by role")
                .labelNames("role")
                .callback(callback -> {
                    CurrentClusterState state = cluster.state();
                    for (NodeRole role : NodeRole.values()) {
                        callback.call(members(state, role), role.wireName());
                    }
                })
                .register(registry);
    }

    private static double members(CurrentClusterState state, NodeRole role) {
        return StreamSupport.stream(state.getMembers().spliterator(), false)
                .filter(member -> member.status() == MemberStatus.up())
                .filter(member -> member.hasRole(role.wireName()))
                .count();
    }

    private boolean isOldestRoomNode(CurrentClusterState state) {
        Comparator<Member> byAge = (one, other) -> one.isOlderThan(other) ? -1 : other.isOlderThan(one) ? 1 : 0;
        return StreamSupport.stream(state.getMembers().spliterator(), false)
                .filter(member -> member.status() != MemberStatus.joining())
                .filter(member -> member.status() != MemberStatus.weaklyUp())
                .filter(member -> member.hasRole(NodeRole.ROOM.wireName()))
                .min(byAge)
                .filter(oldest -> oldest.uniqueAddress().equals(cluster.selfUniqueAddress()))
                .isPresent();
    }

    private void gauge(String name, String help, ToDoubleFunction<CurrentClusterState> value) {
        GaugeWithCallback.builder()
                .name(name)
                .help(help)
                .callback(callback -> callback.call(value.applyAsDouble(cluster.state())))
                .register(registry);
    }
}
