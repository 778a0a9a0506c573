package org.rotunda.node.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The keys under {@code rotunda.cluster}: the address of this node, and how it finds the other nodes.
 *
 * @param self the address under which the other nodes reach this node
 * @param bindHost the address to listen on; if empty, the host of {@code self}
 * @param bindPort the port to listen on; if empty, the port of {@code self}
 * @param seeds the nodes to join through; without seeds and discovery, the node forms a cluster of its own
 * @param joinTimeout the time after which the node gives up joining
 * @param refusedIsLost true if an unreachable member counts as lost, without waiting for the split-brain resolver, when
 *     its host refuses connections to its port
 * @param lifelinePort the port that the other nodes' lifelines connect to; 0 stands for any free port
 */
public record ClusterSettings(
        Endpoint self,
        Optional<String> bindHost,
        Optional<Integer> bindPort,
        List<Endpoint> seeds,
        Optional<Discovery> discovery,
        Duration joinTimeout,
        boolean refusedIsLost,
        int lifelinePort) {
    private static final String SECTION = "rotunda.cluster.";

    public ClusterSettings {
        seeds = List.copyOf(seeds);
        if (!seeds.isEmpty() && discovery.isPresent()) {
            throw new IllegalArgumentException(
                    SECTION + "seeds and " + SECTION + "discovery.method are both set; set only one of them");
        }
        boolean joins = !seeds.isEmpty() || discovery.isPresent();
        if (joins && self.port() == 0) {
            throw new IllegalArgumentException(
                    SECTION + "port is 0, which takes any free port; a node that joins others needs a fixed one");
        }
        if (seeds.stream().anyMatch(seed -> seed.port() == 0)) {
            throw new IllegalArgumentException(SECTION + "seeds must name ports: " + seeds);
        }
        if (seeds.stream().distinct().count() < seeds.size()) {
            throw new IllegalArgumentException(SECTION + "seeds names a node twice: " + seeds);
        }
        if (joins && isEverywhere(self.host())) {
            throw new IllegalArgumentException(
                    SECTION + "host is the address under which other nodes reach this one, so it"
                            + " must be an address of this node: " + self.host() + "; set " + SECTION
                            + "bind-host to listen everywhere");
        }
        if (joinTimeout.isNegative() || joinTimeout.isZero()) {
            throw new IllegalArgumentException(SECTION + "join-timeout must be positive: " + joinTimeout);
        }
    }

    static ClusterSettings from(Config cluster) {
        return new ClusterSettings(
                Endpoint.from(cluster),
                Optional.of(cluster.getString("bind-host")).filter(host -> !host.isBlank()),
                Optional.of(cluster.getString("bind-port"))
                        .filter(port -> !port.isBlank())
                        .map(port -> cluster.getInt("bind-port")),
                cluster.getStringList("seeds").stream().map(Endpoint::parse).toList(),
                Discovery.from(cluster.getConfig("discovery")),
                cluster.getDuration("join-timeout"),
                cluster.getBoolean("refused-is-lost"),
                cluster.getInt("lifeline-port"));
    }

    /** Returns whether the cluster has, or may have, other nodes. */
    public boolean isShared() {
        return !seeds.isEmpty() || discovery.isPresent();
    }

    /**
     * Returns where this node listens for the lifelines of other nodes. Empty if there are no other nodes, or if a
     * refused connection proves nothing here.
     */
    public Optional<Endpoint> lifeline() {
        return isShared() && refusedIsLost
                ? Optional.of(new Endpoint(bindHost.orElse(self.host()), lifelinePort))
                : Optional.empty();
    }

    /** Returns whether this node is the first seed. The first seed forms the cluster if there is none yet. */
    public boolean isFirstSeed() {
        return !seeds.isEmpty() && seeds.get(0).equals(self);
    }

    /** Returns the seeds except this node. */
    public List<Endpoint> otherSeeds() {
        return seeds.stream().filter(seed -> !seed.equals(self)).toList();
    }

    /** Returns a description of how this node becomes a member, for people. */
    public String describe() {
        if (discovery.isPresent()) {
            return "finds others by " + discovery.get().describe();
        }
        if (seeds.isEmpty()) {
            return "a cluster of its own";
        }
        String through = "joins through "
                + String.join(", ", seeds.stream().map(Endpoint::toString).toList());
        return isFirstSeed() ? through + ", as the first of them" : through;
    }

    /** Returns the Pekko keys that follow from these settings. */
    Config pekkoSettings() {
        Map<String, Object> settings = new HashMap<>();
        settings.put("pekko.remote.artery.canonical.hostname", self.host());
        settings.put("pekko.remote.artery.canonical.port", self.port());
        settings.put("pekko.remote.artery.bind.hostname", bindHost.orElse(""));
        settings.put(
                "pekko.remote.artery.bind.port",
                bindPort.<Object>map(port -> port).orElse(""));
        if (discovery.isEmpty()) {
            // An empty value turns this route off. Only discovery needs the route.
            settings.put("pekko.management.http.routes.cluster-bootstrap", "");
        }
        return ConfigFactory.parseMap(settings, "rotunda.cluster")
                .withFallback(discovery.map(Discovery::pekkoSettings).orElse(ConfigFactory.empty()));
    }

    private static boolean isEverywhere(String host) {
        return host.equals("0.0.0.0") || host.equals("::") || host.equals("[::]");
    }

    /**
     * The settings for finding other nodes through the Kubernetes API.
     *
     * @param serviceName the text that replaces {@code %s} in the selector
     * @param namespace the namespace of the pods; if empty, the namespace of this pod
     * @param labelSelector the selector that matches the pods of this cluster
     * @param portName the name of the container port for the management port
     * @param contactPointsMin the number of nodes that must be found before a new cluster is formed
     */
    public record Discovery(
            String serviceName,
            Optional<String> namespace,
            String labelSelector,
            String portName,
            int contactPointsMin) {
        private static final String NONE = "none";
        private static final String KUBERNETES = "kubernetes";

        public Discovery {
            if (labelSelector.isBlank() || portName.isBlank() || serviceName.isBlank()) {
                throw new IllegalArgumentException(
                        SECTION + "discovery needs service-name, label-selector and port-name");
            }
            if (contactPointsMin < 1) {
                throw new IllegalArgumentException(
                        SECTION + "discovery.contact-points-min must be at least 1: " + contactPointsMin);
            }
        }

        static Optional<Discovery> from(Config discovery) {
            String method = discovery.getString("method");
            return switch (method) {
                case NONE -> Optional.empty();
                case KUBERNETES ->
                    Optional.of(new Discovery(
                            discovery.getString("service-name"),
                            Optional.of(discovery.getString("namespace")).filter(name -> !name.isBlank()),
                            discovery.getString("label-selector"),
                            discovery.getString("port-name"),
                            discovery.getInt("contact-points-min")));
                default ->
                    throw new IllegalArgumentException(
                            SECTION + "discovery.method is none or kubernetes, not: " + method);
            };
        }

        String describe() {
            return "Kubernetes, pods " + labelSelector.replace("%s", serviceName) + " in "
                    + namespace.map(name -> "namespace " + name).orElse("the namespace of this pod") + ", at least "
                    + contactPointsMin;
        }

        private Config pekkoSettings() {
            String bootstrap = "pekko.management.cluster.bootstrap.contact-point-discovery.";
            String kubernetes = "pekko.discovery.kubernetes-api.";
            Map<String, Object> settings = new HashMap<>();
            settings.put(bootstrap + "discovery-method", "kubernetes-api");
            settings.put(bootstrap + "service-name", serviceName);
            settings.put(bootstrap + "port-name", portName);
            settings.put(bootstrap + "required-contact-point-nr", contactPointsMin);
            settings.put(kubernetes + "pod-label-selector", labelSelector);
            // Pod addresses work in every Kubernetes cluster. Pod names can be resolved in few of them.
            settings.put(kubernetes + "use-raw-ip", true);
            namespace.ifPresent(name -> settings.put(kubernetes + "pod-namespace", name));
            return ConfigFactory.parseMap(settings, "rotunda.cluster.discovery");
        }
    }
}
