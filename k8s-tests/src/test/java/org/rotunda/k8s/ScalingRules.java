package org.rotunda.k8s;

import static org.rotunda.k8s.Rule.require;

import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.autoscaling.v2.MetricSpec;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** The rules for the numbers of pods. */
final class ScalingRules {
    /** More room nodes than this would each have too few of the 256 shards. */
    private static final int ROOMS_MAX = 25;

    /** The metrics that nodes have, and by which pods may be added. */
    private static final Set<String> METRICS = Set.of("rotunda_media_load", "rotunda_sessions");

    private ScalingRules() {}

    static void check(Rendering rendering, List<String> faults) {
        for (Workload workload : rendering.workloads()) {
            Optional<HorizontalPodAutoscaler> scaler = scaler(rendering, workload);
            Integer replicas = workload.replicas();
            if (workload.name().equals("room")) {
                require(scaler.isEmpty(), faults, "%s is scaled, and each change moves rooms", workload);
                require(
                        replicas != null && replicas >= 3 && replicas % 2 == 1 && replicas <= ROOMS_MAX,
                        faults,
                        "%s: %s replicas are no odd number from 3 to %s",
                        workload,
                        replicas,
                        ROOMS_MAX);
            } else if (scaler.isPresent()) {
                require(replicas == null, faults, "%s: applying the manifest resets the autoscaler", workload);
            } else {
                require(replicas != null && replicas >= 2, faults, "%s: nothing takes over", workload);
            }
        }
        rendering.all(HorizontalPodAutoscaler.class).forEach(scaler -> scaler(rendering, scaler, faults));
    }

    private static void scaler(Rendering rendering, HorizontalPodAutoscaler scaler, List<String> faults) {
        String name = scaler.getMetadata().getName();
        var spec = scaler.getSpec();
        require(
                rendering.workloads().stream().anyMatch(workload -> isFor(scaler, workload)),
                faults,
                "autoscaler %s is for no workload",
                name);
        require(
                spec.getMinReplicas() != null && spec.getMinReplicas() >= 2,
                faults,
                "autoscaler %s may leave %s pods",
                name,
                spec.getMinReplicas());
        require(spec.getMaxReplicas() >= spec.getMinReplicas(), faults, "autoscaler %s: no room", name);
        require(
                spec.getBehavior().getScaleDown().getStabilizationWindowSeconds() == 900,
                faults,
                "autoscaler %s removes pods within 15 minutes",
                name);
        for (MetricSpec metric : spec.getMetrics()) {
            boolean known = metric.getPods() != null
                    ? METRICS.contains(metric.getPods().getMetric().getName())
                    : metric.getResource() != null
                            && metric.getResource().getName().equals("cpu");
            require(known, faults, "autoscaler %s asks for a metric that no node has", name);
        }
    }

    /** Returns the largest number of pods that a workload may have. */
    static int replicasMax(Rendering rendering, Workload workload) {
        Integer replicas = workload.replicas();
        return scaler(rendering, workload)
                .map(scaler -> scaler.getSpec().getMaxReplicas())
                .orElse(replicas == null ? 0 : replicas);
    }

    private static Optional<HorizontalPodAutoscaler> scaler(Rendering rendering, Workload workload) {
        return rendering
                .all(HorizontalPodAutoscaler.class)
                .filter(scaler -> isFor(scaler, workload))
                .findFirst();
    }

    private static boolean isFor(HorizontalPodAutoscaler scaler, Workload workload) {
        var target = scaler.getSpec().getScaleTargetRef();
        return Objects.equals(target.getName(), workload.name())
                && Objects.equals(target.getKind(), workload.object().getKind());
    }
}
