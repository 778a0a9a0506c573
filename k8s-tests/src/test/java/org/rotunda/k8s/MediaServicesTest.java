package org.rotunda.k8s;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.Service;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Checks the script that writes the Services of the media pods. */
class MediaServicesTest {
    private static String script(Path top) {
        return top.resolve("media-services").toString();
    }

    private static String run(String... arguments) {
        return Kubectl.run(Stream.concat(Stream.of(script(Rendering.FOLDER)), Stream.of(arguments))
                .toArray(String[]::new));
    }

    @Test
    void writesTheFilesThatAreCommitted(@TempDir Path folder) throws IOException {
        ManifestFolder copy = ManifestFolder.copyTo(folder);
        Kubectl.run(script(copy.top()));

        assertThat(texts(copy.top())).isEqualTo(texts(Rendering.FOLDER));
    }

    private static Map<String, String> texts(Path top) throws IOException {
        Map<String, String> texts = new TreeMap<>();
        try (Stream<Path> files = Files.walk(top)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                texts.put(top.relativize(file).toString(), Files.readString(file));
            }
        }
        return texts;
    }

    /** The JVM's processors, the loops, the ports of the pod, its NetworkPolicy and its Services agree. */
    @ParameterizedTest
    @CsvSource({"1, 1", "2, 1", "4, 3", "16, 15"})
    void aPodOfEachSizeHasALoopForEachCoreButOne(String cpus, int loops, @TempDir Path folder) throws IOException {
        ManifestFolder copy = ManifestFolder.copyTo(folder);
        Files.writeString(
                copy.top().resolve("components/expose-loadbalancer/services.yaml"),
                run("services", "load-balancer", "--loops", Integer.toString(loops)));
        Files.writeString(copy.top().resolve("overlays/production/size.yaml"), run("size", cpus));
        copy.replace("overlays/production/kustomization.yaml", "images:", "patches: [{ path: size.yaml }]\nimages:");

        Rendering rendering = copy.render("production");

        assertThat(Rule.allFaults(rendering)).isEmpty();
        assertThat(rendering.workloads())
                .filteredOn(Workload::carriesMedia)
                .extracting(workload -> workload.mediaPorts().size())
                .containsExactly(loops);
    }

    @Test
    void nodePortsStayInTheRangeOfKubernetes() {
        List<Service> services = Rendering.parse(run("services", "node-port", "--pods", "170", "--loops", "16"))
                .all(Service.class)
                .toList();

        assertThat(services).hasSize(170);
        assertThat(services.get(169).getSpec().getPorts().get(15).getNodePort()).isEqualTo(32719);
        assertThatThrownBy(() -> run("services", "node-port", "--pods", "174", "--loops", "16"))
                .hasMessageContaining("32767 is the last");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--pods 0",
                "--pods x",
                "--loops 65",
                "--first-port 70000",
                "--workload A/b",
                "--what 1",
                "--pods"
            })
    void refusesOptionsThatMakeNoServices(String options) {
        String[] arguments = ("services load-balancer " + options).split(" ");

        assertThatThrownBy(() -> run(arguments)).hasMessageContaining("media-services: ");
    }
}
