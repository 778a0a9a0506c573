package org.rotunda.k8s;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.autoscaling.v2.MetricSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What changes the number of pods of a workload: an autoscaler of Kubernetes, or a ScaledObject of KEDA, which makes one.
 *
 * @param downWindowSeconds the time for which fewer pods must be enough before one is removed; null for the default
 * @param metrics the names of metrics and the queries by which it decides; {@code cpu} for the use of CPU
 */
record Scaler(
        String name,
        String targetKind,
        String targetName,
        @Nullable Integer min,
        @Nullable Integer max,
        @Nullable Integer downWindowSeconds,
        List<String> metrics) {

    static Stream<Scaler> of(HasMetadata object) {
        if (object instanceof HorizontalPodAutoscaler scaler) {
            return Stream.of(ofKubernetes(scaler));
        }
        return object instanceof GenericKubernetesResource resource
                        && resource.getKind().equals("ScaledObject")
                ? Stream.of(ofKeda(resource))
                : Stream.empty();
    }

    private static Scaler ofKubernetes(HorizontalPodAutoscaler scaler) {
        var spec = scaler.getSpec();
        return new Scaler(
                scaler.getMetadata().getName(),
                spec.getScaleTargetRef().getKind(),
                spec.getScaleTargetRef().getName(),
                spec.getMinReplicas(),
                spec.getMaxReplicas(),
                spec.getBehavior().getScaleDown().getStabilizationWindowSeconds(),
                spec.getMetrics().stream().map(Scaler::metric).toList());
    }

    private static String metric(MetricSpec metric) {
        if (metric.getPods() != null) {
            return metric.getPods().getMetric().getName();
        }
        return metric.getResource() == null
                ? metric.getType()
                : metric.getResource().getName();
    }

    private static Scaler ofKeda(GenericKubernetesResource object) {
        List<String> metrics = new ArrayList<>();
        List<Map<String, Object>> triggers = Objects.requireNonNullElse(object.get("spec", "triggers"), List.of());
        for (Map<String, Object> trigger : triggers) {
            Object query = trigger.get("metadata") instanceof Map<?, ?> metadata ? metadata.get("query") : null;
            metrics.add(String.valueOf(query == null ? trigger.get("type") : query));
        }
        return new Scaler(
                object.getMetadata().getName(),
                String.valueOf(object.<Object>get("spec", "scaleTargetRef", "kind")),
                String.valueOf(object.<Object>get("spec", "scaleTargetRef", "name")),
                object.get("spec", "minReplicaCount"),
                object.get("spec", "maxReplicaCount"),
                object.get(
                        "spec",
                        "advanced",
                        "horizontalPodAutoscalerConfig",
                        "behavior",
                        "scaleDown",
                        "stabilizationWindowSeconds"),
                metrics);
    }

    boolean isFor(Workload workload) {
        return targetName.equals(workload.name())
                && targetKind.equals(workload.object().getKind());
    }
}
