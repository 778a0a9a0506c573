package org.rotunda.node.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Checks that the configuration files in {@code docs/operations.md} can be used unchanged. */
class OperationsDocTest {
    private static final Path PAGE = Path.of("..", "docs", "operations.md");

    /** The pattern of a configuration file on the page. The first line of the file is its name. */
    private static final Pattern FILE = Pattern.compile("```hocon\n# ([a-z0-9-]+\\.conf)\n(.*?)```", Pattern.DOTALL);

    private final Path directory;
    private final Map<String, NodeSettings> nodes = new TreeMap<>();

    OperationsDocTest(@TempDir Path directory) {
        this.directory = directory;
    }

    @BeforeEach
    void load() throws IOException {
        Matcher files = FILE.matcher(Files.readString(PAGE));
        Set<String> names = new HashSet<>();
        while (files.find()) {
            Files.writeString(directory.resolve(files.group(1)), files.group(2));
            names.add(files.group(1));
        }
        names.remove("cluster.conf"); // The files of the nodes include this file.
        for (String name : names) {
            Config config = NodeConfiguration.file(directory.resolve(name), Map.of());
            nodes.put(name, NodeSettings.from(config.getConfig("rotunda")));
        }
    }

    @Test
    void showsFiveNodesOfOneCluster() {
        assertThat(nodes)
                .containsOnlyKeys(
                        "gateway-1.conf",
                        "gateway-2.conf",
                        "room-1.conf",
                        "media-1.conf",
                        "media-2.conf",
                        "kubernetes.conf");
        Map<String, Set<NodeRole>> roles = new TreeMap<>();
        nodes.forEach((name, node) -> roles.put(name, node.roles()));
        assertThat(roles)
                .containsEntry("gateway-1.conf", Set.of(NodeRole.GATEWAY, NodeRole.ROOM))
                .containsEntry("gateway-2.conf", Set.of(NodeRole.GATEWAY, NodeRole.ROOM))
                .containsEntry("room-1.conf", Set.of(NodeRole.ROOM))
                .containsEntry("media-1.conf", Set.of(NodeRole.MEDIA))
                .containsEntry("media-2.conf", Set.of(NodeRole.MEDIA));
    }

    @Test
    void theSeedsAreThreeOfTheNodesAndTheFirstFormsTheCluster() {
        Set<Endpoint> addresses = new HashSet<>();
        nodes.forEach((name, node) -> addresses.add(node.cluster().self()));

        assertThat(addresses).hasSameSizeAs(nodes.keySet());
        for (String name :
                new String[] {"gateway-1.conf", "gateway-2.conf", "room-1.conf", "media-1.conf", "media-2.conf"}) {
            ClusterSettings cluster = settings(name).cluster();
            assertThat(addresses).containsAll(cluster.seeds());
            assertThat(cluster.isFirstSeed()).isEqualTo(name.equals("gateway-1.conf"));
        }
    }

    @Test
    void mediaNodesAdvertiseOneAddressForEachLoop() {
        for (String name : new String[] {"media-1.conf", "media-2.conf"}) {
            assertThat(settings(name).media().advertise())
                    .hasSize(settings(name).media().loops());
        }
    }

    @Test
    void podsFindEachOther() {
        assertThat(settings("kubernetes.conf").cluster().describe())
                .isEqualTo("finds others by Kubernetes, pods"
                        + " app.kubernetes.io/name=rotunda,app.kubernetes.io/component=room in the namespace of this pod,"
                        + " at least 2");
    }

    private NodeSettings settings(String name) {
        NodeSettings settings = nodes.get(name);
        assertThat(settings).as(name).isNotNull();
        return Objects.requireNonNull(settings);
    }
}
