package org.rotunda.load.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.rotunda.load.browser.CallPage;
import org.rotunda.load.browser.Chromium;
import org.rotunda.load.browser.Pages;
import org.rotunda.load.client.Metrics;
import org.rotunda.load.testkit.Await;
import org.rotunda.load.testkit.Rest;
import org.rotunda.load.testkit.TcpProxy;
import org.rotunda.room.testkit.PostgresServer;

/**
 * A cluster of the built product on this machine. It consists of a process for each node, PostgreSQL, balancers in
 * front of the gateways, and browser pages. Configuration and logs remain in {@code target/cluster/<name of the test>}.
 * Test thread only.
 */
final class ClusterRig implements AutoCloseable {
    /**
     * The longest allowed time of a start. Five processes that start at the same time on two busy cores may need
     * minutes.
     */
    static final Duration START = Duration.ofMinutes(10);

    private static final int HEAP_MIB = 384;
    private static final String ROOMS = "rotunda_rooms";

    private final Path directory;
    private final PostgresServer postgres;
    private final Map<String, String> overrides;
    private final Set<String> neighbours;
    private final List<String> seeds = new ArrayList<>();
    private final ClusterLinks links = new ClusterLinks();
    private final List<TcpProxy> databaseRelays = new ArrayList<>();
    private final Map<String, NodeFile> files = new LinkedHashMap<>();
    private final Map<String, NodeProcess> nodes = new LinkedHashMap<>();
    /**
     * The balancers by gateway. A balancer connects to its gateway or, while that gateway is down, to another gateway.
     */
    private final Map<String, TcpProxy> balancers = new LinkedHashMap<>();

    private final @Nullable Pages pages;
    private final AtomicInteger roomNumber = new AtomicInteger();

    private ClusterRig(Plan plan, @Nullable Chromium chromium) throws IOException {
        directory = Directories.emptied(plan.test);
        pages = chromium == null ? null : new Pages(chromium);
        postgres = PostgresServer.start(directory);
        overrides = Map.copyOf(plan.overrides);
        neighbours = Set.copyOf(plan.neighbours);
        List<Path> neighbourClasses = neighbours.isEmpty() ? List.of() : List.of(NeighbourClasses.copyTo(directory));
        Stream.concat(Stream.of(plan.mainland), plan.places.values().stream())
                .map(Place::databaseHost)
                .distinct()
                .filter(host -> !host.equals(Place.LOOPBACK.databaseHost()))
                .forEach(this::relayDatabase);
        plan.roles.forEach((name, roles) -> {
            NodeFile direct = NodeFile.of(name, roles, plan.places.getOrDefault(name, plan.mainland));
            NodeFile file = plan.relayed ? direct.behindRelay() : direct;
            files.put(name, file);
            if (plan.relayed) {
                links.relay(file.cluster(), file.clusterBind());
            }
            if (seeds.size() < 2) {
                seeds.add(file.seed());
            }
        });
        files.forEach((name, file) -> {
            Path config = configure(file, plan.halves.isEmpty() ? seeds : seedsOfHalf(plan, name));
            nodes.put(
                    name,
                    new NodeProcess(
                            name,
                            List.of("node", "-c", config.toString()),
                            neighbours.contains(name) ? neighbourClasses : List.of(),
                            HEAP_MIB,
                            directory,
                            file.place(),
                            file.managementPort()));
            if (plan.build != null) {
                node(name).runBuild(plan.build);
            }
        });
        for (NodeFile file : files.values()) {
            if (file.isGateway()) {
                balancers.put(file.name(), new TcpProxy(gatewaysFrom(file)));
            }
        }
    }

    /** Accepts connections at this host address and forwards them to PostgreSQL, which listens on loopback only. */
    private void relayDatabase(String host) {
        try {
            databaseRelays.add(new TcpProxy(
                    new InetSocketAddress(host, postgres.port()),
                    List.of(new InetSocketAddress(Place.LOOPBACK.databaseHost(), postgres.port()))));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Writes the configuration file of a node of this cluster. Does not start the node. */
    Path configure(NodeFile file) {
        return configure(file, seeds);
    }

    private Path configure(NodeFile file, List<String> itsSeeds) {
        Path config = directory.resolve(file.name() + ".conf");
        Map<String, String> settings = new HashMap<>(overrides);
        if (neighbours.contains(file.name())) {
            settings.putAll(NeighbourClasses.SETTINGS);
        }
        file.write(config, itsSeeds, postgres.jdbcUrl(), settings);
        return config;
    }

    private List<String> seedsOfHalf(Plan plan, String name) {
        return plan.halves.stream()
                .filter(half -> half.contains(name))
                .flatMap(List::stream)
                .map(member -> Objects.requireNonNull(files.get(member)).seed())
                .toList();
    }

    /** The links between the nodes, if the plan puts relays in between. */
    ClusterLinks links() {
        return links;
    }

    private List<InetSocketAddress> gatewaysFrom(NodeFile first) {
        return Stream.concat(
                        Stream.of(first),
                        files.values().stream().filter(file -> file.isGateway() && !file.equals(first)))
                .map(NodeFile::http)
                .toList();
    }

    /**
     * Returns the plan of a typical cluster with two gateways that also run rooms, one more room node, and two media
     * nodes.
     */
    static Plan fiveProcesses(String test) {
        return new Plan(test)
                .node("gateway-1", "gateway", "room")
                .node("gateway-2", "gateway", "room")
                .node("room-1", "room")
                .node("media-1", "media")
                .node("media-2", "media");
    }

    /** The nodes and the settings of a cluster that is to be started. */
    static final class Plan {
        private final String test;
        private final Map<String, List<String>> roles = new LinkedHashMap<>();
        private final Map<String, String> overrides = new HashMap<>();
        private final Map<String, Place> places = new HashMap<>();
        private final List<List<String>> halves = new ArrayList<>();
        private final Set<String> neighbours = new HashSet<>();
        private Place mainland = Place.LOOPBACK;
        private boolean relayed;
        private boolean oneByOne;
        private @Nullable Path build;

        /** Creates an empty plan; {@code test} names the directory of logs and configuration. */
        Plan(String test) {
            this.test = test;
        }

        /** Adds a node. The first two nodes are the seed nodes of the cluster. */
        Plan node(String name, String... itsRoles) {
            roles.put(name, List.of(itsRoles));
            return this;
        }

        /** Sets the place of one node in the network. */
        Plan at(String name, Place place) {
            places.put(name, place);
            return this;
        }

        /** Sets the place of all nodes for which {@link #at} is not called. */
        Plan others(Place place) {
            mainland = place;
            return this;
        }

        /** Puts a relay in front of every node, so that the test can hold the links between the nodes. */
        Plan relayed() {
            relayed = true;
            return this;
        }

        /** Starts each node when the node before it is ready, because many starting processes starve each other. */
        Plan oneByOne() {
            oneByOne = true;
            return this;
        }

        /** Makes these nodes the seeds of one another, so that they do not see the nodes of other halves. */
        Plan half(String... names) {
            halves.add(List.of(names));
            return this;
        }

        /** Makes all nodes run the product of another build first. */
        Plan build(Path other) {
            build = other;
            return this;
        }

        /** Makes these nodes write their messages as a neighbouring version may write them. */
        Plan neighbours(String... names) {
            neighbours.addAll(List.of(names));
            return this;
        }

        /** Adds a setting with its HOCON value to the configuration of every node. */
        Plan with(String key, String value) {
            overrides.put(key, value);
            return this;
        }

        /** Starts all nodes at the same time and returns when all are ready. */
        ClusterRig start(Chromium chromium) {
            return startWith(chromium, true);
        }

        /** Starts the cluster without a browser. */
        ClusterRig start() {
            return startWith(null, true);
        }

        /** Starts the nodes without a browser, and does not wait until they are ready. */
        ClusterRig launch() {
            return startWith(null, false);
        }

        private ClusterRig startWith(@Nullable Chromium chromium, boolean waits) {
            try {
                ClusterRig rig = new ClusterRig(this, chromium);
                try {
                    for (NodeProcess node : rig.nodes.values()) {
                        node.start();
                        if (oneByOne) {
                            node.awaitReady(START);
                        }
                    }
                    if (waits) {
                        rig.awaitAllReady();
                    }
                } catch (RuntimeException | AssertionError failure) {
                    rig.close();
                    throw failure;
                }
                return rig;
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        }
    }

    /** Waits until every node is ready. */
    void awaitAllReady() {
        nodes.values().forEach(node -> node.awaitReady(START));
    }

    /**
     * Waits until every live node sees exactly the live nodes as members and can reach all of them, and until every room
     * node can use every live media node.
     */
    void awaitConverged() {
        List<NodeFile> alive = files.values().stream()
                .filter(file -> node(file.name()).isAlive())
                .toList();
        for (NodeFile file : alive) {
            Await.until(file.name() + " to see " + alive.size() + " members", START, () -> {
                Metrics metrics = node(file.name()).metrics();
                return metrics.sum("rotunda_cluster_unreachable") == 0
                        && Stream.of("gateway", "room", "media")
                                .allMatch(role -> metrics.value("rotunda_cluster_members{role=\"" + role + "\"}")
                                        == alive.stream()
                                                .filter(each -> each.roles().contains(role))
                                                .count())
                        && (!file.roles().contains("room")
                                || metrics.sum("rotunda_media_nodes")
                                        == alive.stream()
                                                .filter(NodeFile::isMedia)
                                                .count());
            });
        }
    }

    /**
     * Begins to supervise the processes. From now on every process that ends with a failure is restarted, unless the
     * test has killed or stopped it.
     */
    void supervise() {
        nodes.values().forEach(NodeProcess::supervise);
    }

    // --- nodes ------------------------------------------------------------------------------------------------------

    PostgresServer postgres() {
        return postgres;
    }

    NodeProcess node(String name) {
        return Objects.requireNonNull(nodes.get(name), name);
    }

    List<NodeProcess> nodes() {
        return List.copyOf(nodes.values());
    }

    List<NodeProcess> gateways() {
        return nodes(NodeFile::isGateway);
    }

    List<NodeProcess> roomNodes() {
        return nodes(NodeFile::isRoom);
    }

    List<NodeProcess> mediaNodes() {
        return nodes(NodeFile::isMedia);
    }

    private List<NodeProcess> nodes(Predicate<NodeFile> selected) {
        return files.values().stream()
                .filter(selected)
                .map(file -> node(file.name()))
                .toList();
    }

    NodeFile file(String name) {
        return Objects.requireNonNull(files.get(name), name);
    }

    /** Returns the sum of a metric over all live nodes. */
    double sum(String metric) {
        return sumOf(nodes.values().stream().filter(NodeProcess::isAlive).toList(), metric);
    }

    /** Returns the sum of a metric over these nodes. */
    double sumOf(List<NodeProcess> some, String metric) {
        return some.stream().mapToDouble(node -> node.metrics().sum(metric)).sum();
    }

    /** Returns the only live node on which the metric is above 0, for instance the host of the only room. */
    NodeProcess onlyNodeWith(String metric) {
        List<NodeProcess> found = nodes.values().stream()
                .filter(NodeProcess::isAlive)
                .filter(node -> node.metrics().sum(metric) > 0)
                .toList();
        if (found.size() != 1) {
            throw new AssertionError(metric + " is above 0 on "
                    + found.stream().map(NodeProcess::name).toList());
        }
        return found.get(0);
    }

    // --- clients ----------------------------------------------------------------------------------------------------

    /**
     * Creates rooms until this node hosts one of them, and completes the created rooms that other nodes host.
     *
     * @return the name of the room on this node
     */
    String roomOn(String host) {
        Rest rest = rest(gateways().get(0).name());
        while (true) {
            double all = sum(ROOMS);
            double there = node(host).metrics().sum(ROOMS);
            String name = freshRoom();
            rest.createRoom(name, Map.of());
            Await.until("one more room", START, () -> sum(ROOMS) > all);
            if (node(host).metrics().sum(ROOMS) > there) {
                return name;
            }
            rest.completeRoom(name);
            Await.until("one room fewer", START, () -> sum(ROOMS) == all);
        }
    }

    /** Returns a room name that no other test of this rig uses. */
    String freshRoom() {
        return "room-" + roomNumber.incrementAndGet();
    }

    /** Opens a page whose signaling goes to this gateway, or to another gateway while this gateway is down. */
    CallPage page(String identity, String gateway) {
        return Objects.requireNonNull(pages, "started without a browser")
                .page(identity, balancer(gateway).signalingUrl());
    }

    /** Returns a REST client of this gateway, or of another gateway while this gateway is down. */
    Rest rest(String gateway) {
        return new Rest(balancer(gateway).httpUrl());
    }

    /** Returns a REST client of this gateway only. */
    Rest restOf(String gateway) {
        InetSocketAddress address = address(gateway);
        return new Rest("http://" + address.getAddress().getHostAddress() + ":" + address.getPort());
    }

    /** Returns the URL of this gateway, or of another gateway while this gateway is down. */
    String restUrl(String gateway) {
        return balancer(gateway).httpUrl();
    }

    /** Returns the gateway's own address for signaling and REST, without a balancer. */
    InetSocketAddress address(String gateway) {
        return file(gateway).http();
    }

    private TcpProxy balancer(String gateway) {
        return Objects.requireNonNull(balancers.get(gateway), gateway);
    }

    /** Closes all pages and leaves the nodes running. */
    void closePages() {
        if (pages != null) {
            pages.closeAll();
        }
    }

    @Override
    public void close() {
        if (pages != null) {
            pages.close();
        }
        nodes.values().forEach(NodeProcess::close);
        nodes.values().stream().filter(NodeProcess::wasStarted).forEach(NodeProcess::awaitExit);
        for (TcpProxy proxy : Stream.concat(balancers.values().stream(), databaseRelays.stream())
                .toList()) {
            try {
                proxy.close();
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        }
        links.close();
        postgres.close();
    }
}
