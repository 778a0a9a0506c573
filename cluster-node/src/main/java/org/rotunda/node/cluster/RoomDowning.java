package org.rotunda.node.cluster;

import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.Props;
import org.apache.pekko.cluster.Cluster;
import org.apache.pekko.cluster.DowningProvider;
import org.apache.pekko.cluster.sbr.SplitBrainResolver;
import org.apache.pekko.cluster.sbr.SplitBrainResolverProvider;
import org.apache.pekko.cluster.sbr.SplitBrainResolverSettings;
import scala.Option;
import scala.concurrent.duration.FiniteDuration;

/**
 * The downing provider of every node: Pekko's split-brain resolver with the strategy {@link KeepRoomMajority} in place
 * of Pekko's {@code keep-majority}. All settings are Pekko's, below {@code pekko.cluster.split-brain-resolver}. If
 * {@code active-strategy} names another strategy, Pekko's own resolver runs with it.
 *
 * <p>Pekko makes one instance for each actor system, by the key {@code pekko.cluster.downing-provider-class}. A node
 * whose provider is of another class than the cluster's is refused, so nodes with and without rooms share this class.
 */
public final class RoomDowning extends DowningProvider {
    private final ActorSystem system;
    private final DowningProvider resolver;

    /** Called by Pekko, by reflection. */
    public RoomDowning(ActorSystem system) {
        this.system = system;
        this.resolver = new SplitBrainResolverProvider(system);
    }

    @Override
    public FiniteDuration downRemovalMargin() {
        return resolver.downRemovalMargin();
    }

    @Override
    public Option<Props> downingActorProps() {
        SplitBrainResolverSettings settings =
                new SplitBrainResolverSettings(system.settings().config());
        if (!settings.DowningStrategy().equals(SplitBrainResolverSettings.KeepMajorityName())) {
            return resolver.downingActorProps();
        }
        Cluster cluster = Cluster.get(system);
        return Option.apply(SplitBrainResolver.props(
                settings.DowningStableAfter(),
                new KeepRoomMajority(
                        cluster.selfDataCenter(), settings.keepMajorityRole(), cluster.selfUniqueAddress())));
    }
}
