package org.rotunda.k8s;

import com.google.gson.Gson;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * The manifests of one folder as kubectl renders them.
 *
 * @param documents each document as JSON
 * @param objects the same documents as typed objects
 */
record Rendering(List<String> documents, List<HasMetadata> objects) {
    static final Path FOLDER = Path.of("..", "k8s");
    private static final KubernetesSerialization TYPES = new KubernetesSerialization();

    /** Renders a folder. */
    static Rendering of(Path folder) {
        return parse(Kubectl.kustomize(folder));
    }

    static Rendering parse(String yaml) {
        List<String> documents = new ArrayList<>();
        for (Object document : new Load(LoadSettings.builder().build()).loadAllFromString(yaml)) {
            documents.add(new Gson().toJson(document));
        }
        return new Rendering(documents, documents.stream().map(Rendering::typed).toList());
    }

    private static HasMetadata typed(String document) {
        return TYPES.<HasMetadata>unmarshal(document);
    }

    <T extends HasMetadata> Stream<T> all(Class<T> type) {
        return objects.stream().filter(type::isInstance).map(type::cast);
    }

    <T extends HasMetadata> Optional<T> find(Class<T> type, String name) {
        return all(type)
                .filter(object -> object.getMetadata().getName().equals(name))
                .findFirst();
    }

    /** Returns the Deployments and StatefulSets of nodes. */
    List<Workload> workloads() {
        return objects.stream().flatMap(Workload::of).toList();
    }

    /** Returns the configuration files that the pods of a workload see, by name. */
    Map<String, String> files(Workload workload) {
        String name = workload.pod().getVolumes().stream()
                .filter(volume -> volume.getConfigMap() != null)
                .map(volume -> volume.getConfigMap().getName())
                .findFirst()
                .orElse("");
        return find(ConfigMap.class, name).map(ConfigMap::getData).orElse(Map.of());
    }
}
