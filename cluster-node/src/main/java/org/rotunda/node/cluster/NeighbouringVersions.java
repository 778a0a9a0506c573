package org.rotunda.node.cluster;

import com.typesafe.config.Config;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.cluster.ConfigValidation;
import org.apache.pekko.cluster.Invalid;
import org.apache.pekko.cluster.JoinConfigCompatChecker;
import org.apache.pekko.cluster.Valid;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Refuses a join between nodes whose versions are not neighbours. Pekko asks on both sides: the node that joins judges
 * the node that it asked, and the other way round. So a node with the role media alone is refused too, although it has
 * no database that names the versions that run. Created by Pekko from its configuration.
 */
public final class NeighbouringVersions extends JoinConfigCompatChecker {
    /** The key of a node's version, by which Pekko also places shards on the newest nodes. */
    public static final String KEY = "pekko.cluster.app-version";

    @Override
    public Seq<String> requiredKeys() {
        return immutable(List.of(KEY));
    }

    @Override
    public ConfigValidation check(Config toCheck, Config actual) {
        if (!toCheck.hasPath(KEY) || !actual.hasPath(KEY)) {
            return Valid.getInstance();
        }
        Optional<String> refusal = VersionRule.refusal(actual.getString(KEY), toCheck.getString(KEY));
        return refusal.isPresent() ? new Invalid(immutable(List.of(refusal.get()))) : Valid.getInstance();
    }

    private static Seq<String> immutable(List<String> list) {
        return CollectionConverters.asScala(list).toList();
    }
}
