package org.rotunda.k8s;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Checks that every overlay, and every component added to the base, renders to manifests that keep all rules. */
class ManifestTest {
    static List<String> overlays() {
        return ManifestFolder.names("overlays");
    }

    static List<String> components() {
        return ManifestFolder.names("components");
    }

    @ParameterizedTest
    @MethodSource("overlays")
    void overlayKeepsEveryRule(String overlay) {
        Rendering rendering = Rendering.of(Rendering.FOLDER.resolve("overlays").resolve(overlay));

        assertThat(Rule.allFaults(rendering)).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("components")
    void componentKeepsEveryRuleAtTheBase(String component, @TempDir Path folder) throws IOException {
        ManifestFolder copy = ManifestFolder.copyTo(folder);
        copy.overlay("tried", component);

        assertThat(Rule.allFaults(copy.render("tried"))).isEmpty();
    }

    @Test
    void thereAreOverlaysAndComponents() {
        assertThat(overlays()).contains("small", "production", "bare-metal");
        assertThat(components()).contains("expose-loadbalancer", "expose-nodeport", "autoscale-hpa");
    }

    @Test
    void aKindThatKubernetesDoesNotHaveIsFound() {
        Rendering rendering = Rendering.parse("""
                apiVersion: apps/v1
                kind: StatefullSet
                metadata: { name: media, namespace: rotunda }
                """);

        assertThat(Rule.SCHEMA.faults(rendering)).containsExactly("unknown kind: apps/v1 StatefullSet");
    }

    @Test
    void aValueOfTheWrongTypeIsFound() {
        assertThatThrownBy(() -> Rendering.parse("""
                apiVersion: apps/v1
                kind: Deployment
                metadata: { name: gateway, namespace: rotunda }
                spec: { replicas: three }
                """)).hasStackTraceContaining("three");
    }
}
