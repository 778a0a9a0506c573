package org.rotunda.node.cluster;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValueFactory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.apache.pekko.Done;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.management.javadsl.PekkoManagement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.rotunda.node.config.NodeConfiguration;
import org.rotunda.node.config.NodeSettings;
import org.rotunda.room.readmodel.ClusterClaim;
import org.rotunda.room.readmodel.Database;

/** Tests how real actor systems form a cluster over loopback. */
class ClusterFormationTest {
    private static final long DEADLINE_SECONDS = 60;

    private static final Duration LOOK_EVERY = Duration.ofMillis(50);

    private final List<ActorSystem<Void>> systems = new ArrayList<>();
    /** The number of times that a node asked for the right and did not get it. */
    private final AtomicLong waitingQuestions = new AtomicLong();

    @Test
    void theFailureOfAJoinTellsWhyTheActorSystemEnded() {
        assertThat(ClusterFormation.refused(Optional.of(CoordinatedShutdown.clusterDowningReason())))
                .isInstanceOf(DownedException.class);
        assertThat(ClusterFormation.refused(Optional.of(CoordinatedShutdown.incompatibleConfigurationDetectedReason())))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(ClusterFormation.refused(Optional.of(CoordinatedShutdown.jvmExitReason())))
                .hasMessageContaining("was stopped");
        assertThat(ClusterFormation.refused(Optional.empty())).hasMessageContaining("was stopped");
    }

    @AfterEach
    void stop() {
        systems.forEach(ActorSystem::terminate);
        systems.forEach(
                system -> system.getWhenTerminated().toCompletableFuture().join());
    }

    @Test
    void theFirstSeedFormsTheClusterAndTheOthersWaitForIt() throws Exception {
        int firstPort = freePort();
        int secondPort = freePort();
        String seeds = "[\"127.0.0.1:" + firstPort + "\", \"127.0.0.1:" + secondPort + "\"]";
        CompletableFuture<Done> second = join(seeded(secondPort, seeds));
        assertThat(second).isNotDone();

        CompletableFuture<Done> first = join(seeded(firstPort, seeds));

        assertThat(first).succeedsWithin(DEADLINE_SECONDS, SECONDS);
        assertThat(second).succeedsWithin(DEADLINE_SECONDS, SECONDS);
        assertThat(membersOf(systems.get(0))).containsExactlyInAnyOrder(firstPort, secondPort);
    }

    /**
     * Tests a first seed whose side of a split cluster was in the minority. If the seed formed a cluster again, two
     * clusters would use one database.
     */
    @Test
    void theFirstSeedWithoutTheRightWaitsForTheOthers() throws Exception {
        int firstPort = freePort();
        int secondPort = freePort();
        String seeds = "[\"127.0.0.1:" + firstPort + "\", \"127.0.0.1:" + secondPort + "\"]";
        AtomicInteger asked = new AtomicInteger();
        CompletableFuture<Done> again = join(complete(seeded(firstPort, seeds)), () -> {
            asked.incrementAndGet();
            return CompletableFuture.completedFuture(false);
        });
        String alone = "[\"127.0.0.1:" + secondPort + "\"]"; // The cluster went on without the first seed.
        await(() -> asked.get() > 6);

        assertThat(again).isNotDone();
        assertThat(join(seeded(secondPort, alone))).succeedsWithin(DEADLINE_SECONDS, SECONDS);

        assertThat(again).succeedsWithin(DEADLINE_SECONDS, SECONDS);
        assertThat(membersOf(systems.get(0))).containsExactlyInAnyOrder(firstPort, secondPort);
    }

    /**
     * Tests a cluster whose nodes were all downed. The first seed gets the right only at its third request, as if the
     * claim of the old cluster had become stale then.
     */
    @Test
    void theFirstSeedFormsAClusterAsSoonAsItHasTheRight() throws Exception {
        int firstPort = freePort();
        int secondPort = freePort();
        String seeds = "[\"127.0.0.1:" + firstPort + "\", \"127.0.0.1:" + secondPort + "\"]";
        AtomicInteger asked = new AtomicInteger();
        CompletableFuture<Done> first = join(
                complete(seeded(firstPort, seeds)),
                () -> CompletableFuture.completedFuture(asked.incrementAndGet() == 3));
        CompletableFuture<Done> second = join(complete(seeded(secondPort, seeds)), FormingRight.NEVER);

        assertThat(first).succeedsWithin(DEADLINE_SECONDS, SECONDS);
        assertThat(second).succeedsWithin(DEADLINE_SECONDS, SECONDS);
        assertThat(asked).hasValue(3);
        assertThat(membersOf(systems.get(0))).containsExactlyInAnyOrder(firstPort, secondPort);
    }

    @Test
    void aNodeTwoVersionsAwayIsRefusedByItsSeed() throws Exception {
        int firstPort = freePort();
        String seeds = "[\"127.0.0.1:" + firstPort + "\"]";
        assertThat(join(ofVersion("0.2.0", seeded(firstPort, seeds)), FormingRight.ALWAYS))
                .succeedsWithin(DEADLINE_SECONDS, SECONDS);

        CompletableFuture<Done> far = join(ofVersion("0.4.0", seeded(freePort(), seeds)), FormingRight.NEVER);
        CompletableFuture<Done> near = join(ofVersion("0.3.0", seeded(freePort(), seeds)), FormingRight.NEVER);

        assertThatThrownBy(() -> far.get(DEADLINE_SECONDS, SECONDS))
                .cause()
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("its version is not a neighbour");
        assertThat(near).succeedsWithin(DEADLINE_SECONDS, SECONDS);
    }

    private static Config ofVersion(String version, Map<String, String> keys) {
        return complete(keys).withValue(NeighbouringVersions.KEY, ConfigValueFactory.fromAnyRef(version));
    }

    @Test
    void aNodeThatFindsNoSeedReportsThat() throws Exception {
        int nobody = freePort();
        Map<String, String> keys = new HashMap<>(seeded(freePort(), "[\"127.0.0.1:" + nobody + "\"]"));
        keys.put("rotunda.cluster.join-timeout", "1s");

        assertThatThrownBy(() -> join(keys).get(DEADLINE_SECONDS, SECONDS))
                .cause()
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("is no member of a cluster after 1 s; it joins through 127.0.0.1:" + nobody)
                .hasMessageEndingWith("the first of them forms the cluster, so it must have been started");
    }

    @Test
    void aNodeWhoseSettingsDoNotFitTheClusterIsRefused() throws Exception {
        int port = freePort();
        String seeds = "[\"127.0.0.1:" + port + "\"]";
        assertThat(join(seeded(port, seeds))).succeedsWithin(DEADLINE_SECONDS, SECONDS);
        Map<String, String> keys = new HashMap<>(seeded(freePort(), seeds));
        keys.put("pekko.cluster.split-brain-resolver.active-strategy", "keep-oldest");

        assertThatThrownBy(() -> join(keys).get(DEADLINE_SECONDS, SECONDS))
                .cause()
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("the cluster refuses this node");
    }

    /** Tests discovery as on Kubernetes, with a fixed list of nodes instead of the Kubernetes API. */
    @Test
    void nodesThatFindEachOtherFormOneCluster() throws Exception {
        int firstManagement = freePort();
        int secondManagement = freePort();
        int firstPort = freePort();
        int secondPort = freePort();
        AtomicInteger asked = new AtomicInteger();
        FormingRight atTheThirdQuestion = () -> CompletableFuture.completedFuture(asked.incrementAndGet() >= 3);

        CompletableFuture<Done> first = join(
                found(firstManagement, secondManagement).withFallback(discovering(firstPort, firstManagement)),
                atTheThirdQuestion);
        CompletableFuture<Done> second = join(
                found(firstManagement, secondManagement).withFallback(discovering(secondPort, secondManagement)),
                atTheThirdQuestion);

        assertThat(first).succeedsWithin(DEADLINE_SECONDS, SECONDS);
        assertThat(second).succeedsWithin(DEADLINE_SECONDS, SECONDS);
        assertThat(asked).hasValueGreaterThanOrEqualTo(3);
        assertThat(membersOf(systems.get(1))).containsExactlyInAnyOrder(firstPort, secondPort);
    }

    /** The seeds or the discovery of each node contain only that node. Both nodes use the same database. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void twoNodesThatSeeOnlyThemselvesFormOneCluster(boolean byDiscovery) throws Exception {
        Config db = complete(Map.of()).getConfig("rotunda.db");
        String url = "jdbc:h2:mem:one-cluster-" + byDiscovery + ";DB_CLOSE_DELAY=-1";
        try (Database database = Database.open(db.withValue("url", ConfigValueFactory.fromAnyRef(url)))) {
            List<CompletableFuture<Done>> joins =
                    List.of(joinAlone(database, byDiscovery), joinAlone(database, byDiscovery));
            await(() -> joins.stream().anyMatch(CompletableFuture::isDone));
            ActorSystem<?> up = systems.get(joins.get(0).isDone() ? 0 : 1);
            CompletableFuture<Done> waiting = joins.get(joins.get(0).isDone() ? 1 : 0);
            age(database, Duration.ZERO);
            long questions = waitingQuestions.get();
            await(() -> waitingQuestions.get() > questions + 3);
            assertThat(waiting).as("the node that came second").isNotDone();

            up.terminate();
            up.getWhenTerminated().toCompletableFuture().join();
            age(database, ClusterClaim.STALE_AFTER.minusSeconds(5));
            long later = waitingQuestions.get();
            await(() -> waitingQuestions.get() > later + 3);
            assertThat(waiting).as("while the claim is fresh").isNotDone();
            age(database, ClusterClaim.STALE_AFTER.plusSeconds(1));

            assertThat(waiting).succeedsWithin(DEADLINE_SECONDS, SECONDS);
        }
    }

    private CompletableFuture<Done> joinAlone(Database database, boolean byDiscovery) throws IOException {
        int port = freePort();
        int management = freePort();
        Config config = byDiscovery
                ? found(management)
                        .withFallback(ConfigFactory.parseMap(Map.of(
                                "pekko.management.cluster.bootstrap.contact-point-discovery.required-contact-point-nr",
                                1)))
                        .withFallback(discovering(port, management))
                : complete(seeded(port, "[\"127.0.0.1:" + port + "\"]"));
        ActorSystem<Void> system = start(config);
        FormingRight claimed = ClaimedRight.of(system, new ClusterClaim(database, Runnable::run));
        return join(
                system,
                config,
                () -> claimed.take().thenApply(taken -> {
                    if (!taken) {
                        waitingQuestions.incrementAndGet();
                    }
                    return taken;
                }));
    }

    /** Makes the claim older, by changing the time at which its cluster last refreshed it. */
    private static void age(Database database, Duration age) throws SQLException {
        try (Connection connection = database.dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            statement.executeUpdate(
                    "UPDATE cluster_claim SET seen_at = CURRENT_TIMESTAMP - INTERVAL '" + age.toSeconds() + "' SECOND");
        }
    }

    private static Config found(int... managementPorts) {
        String endpoints = Arrays.stream(managementPorts)
                .mapToObj(port -> "{ host = 127.0.0.1, port = " + port + " }")
                .collect(Collectors.joining(", "));
        return ConfigFactory.parseString("""
            pekko.management.cluster.bootstrap.contact-point-discovery {
              discovery-method = config
              port-name = ""
              stable-margin = 1s
            }
            pekko.management.cluster.bootstrap.contact-point.filter-on-fallback-port = false
            pekko.discovery.config.services.rotunda.endpoints = [%s]
            """.formatted(endpoints));
    }

    private static Map<String, String> seeded(int port, String seeds) {
        return Map.of("rotunda.cluster.port", Integer.toString(port), "rotunda.cluster.seeds", seeds);
    }

    private static Config discovering(int port, int managementPort) {
        return complete(Map.of(
                "rotunda.cluster.port", Integer.toString(port),
                "rotunda.cluster.discovery.method", "kubernetes",
                "rotunda.management.port", Integer.toString(managementPort)));
    }

    private CompletableFuture<Done> join(Map<String, String> keys) {
        return join(complete(keys), FormingRight.ALWAYS);
    }

    private CompletableFuture<Done> join(Config config, FormingRight right) {
        return join(start(config), config, right);
    }

    private ActorSystem<Void> start(Config config) {
        ActorSystem<Void> system = ActorSystem.create(Behaviors.empty(), "rotunda", config);
        systems.add(system);
        return system;
    }

    private static CompletableFuture<Done> join(ActorSystem<Void> system, Config config, FormingRight right) {
        NodeSettings settings = NodeSettings.from(config.getConfig("rotunda"));
        if (settings.cluster().discovery().isPresent()) {
            PekkoManagement.get(system).start().toCompletableFuture().join();
        }
        return ClusterFormation.join(system, settings.cluster(), right).toCompletableFuture();
    }

    private static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + SECONDS.toNanos(DEADLINE_SECONDS);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("in time").isLessThan(deadline);
            LockSupport.parkNanos(LOOK_EVERY.toNanos());
        }
    }

    private static Config complete(Map<String, String> keys) {
        Map<String, String> all = new HashMap<>(keys);
        all.put("rotunda.db.url", "\"jdbc:postgresql://127.0.0.1:1/none\""); // The tests open no database.
        return NodeConfiguration.dev(all);
    }

    private static List<Integer> membersOf(ActorSystem<?> system) {
        return StreamSupport.stream(Cluster.get(system).state().getMembers().spliterator(), false)
                .map(member -> member.address().getPort().orElseThrow())
                .collect(Collectors.toList());
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
