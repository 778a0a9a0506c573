package org.rotunda.k8s;

import static org.rotunda.k8s.Rule.require;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** The rules for the numbers of pods. */
final class ScalingRules {
    /** More room nodes than this would each have too few of the 256 shards. */
    private static final int ROOMS_MAX = 25;

    /** The metrics that nodes have, and by which pods may be added. */
    private static final Set<String> METRICS = Set.of("rotunda_media_load", "rotunda_sessions");

    private ScalingRules() {}

    static void check(Rendering rendering, List<String> faults) {
        for (Workload workload : rendering.workloads()) {
            Optional<Scaler> scaler = scaler(rendering, workload);
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
        scalers(rendering).forEach(scaler -> scaler(rendering, scaler, faults));
    }

    private static void scaler(Rendering rendering, Scaler scaler, List<String> faults) {
        String name = scaler.name();
        require(
                rendering.workloads().stream().anyMatch(scaler::isFor),
                faults,
                "autoscaler %s is for no workload",
                name);
        require(
                scaler.min() != null && scaler.min() >= 2,
                faults,
                "autoscaler %s may leave %s pods",
                name,
                scaler.min());
        require(
                scaler.max() != null && scaler.min() != null && scaler.max() >= scaler.min(),
                faults,
                "autoscaler %s: no room",
                name);
        require(
                Objects.equals(scaler.downWindowSeconds(), 900),
                faults,
                "autoscaler %s removes pods within 15 minutes",
                name);
        for (String metric : scaler.metrics()) {
            boolean isKnown = metric.equals("cpu")
                    || METRICS.stream().anyMatch(known -> metric.matches(".*\\b" + known + "\\b.*"));
            require(isKnown, faults, "autoscaler %s asks for a metric that no node has: %s", name, metric);
        }
    }

    private static Stream<Scaler> scalers(Rendering rendering) {
        return rendering.objects().stream().flatMap(Scaler::of);
    }

    /** Returns the largest number of pods that a workload may have. */
    static int replicasMax(Rendering rendering, Workload workload) {
        Integer replicas = workload.replicas();
        return scaler(rendering, workload).map(Scaler::max).orElse(replicas == null ? 0 : replicas);
    }

    private static Optional<Scaler> scaler(Rendering rendering, Workload workload) {
        return scalers(rendering).filter(scaler -> scaler.isFor(workload)).findFirst();
    }
}
