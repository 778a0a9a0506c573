package org.rotunda.k8s;

import static org.rotunda.k8s.Rule.require;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBinding;
import io.fabric8.kubernetes.api.model.scheduling.v1.PriorityClass;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The rules for all objects, and for disruption budgets. */
final class ObjectRules {
    private static final Set<Class<? extends HasMetadata>> OF_NO_NAMESPACE =
            Set.of(Namespace.class, PriorityClass.class, ClusterRole.class, ClusterRoleBinding.class);

    private ObjectRules() {}

    /** Every object is in the namespace of Rotunda, under a name of its own. */
    static void place(Rendering rendering, List<String> faults) {
        require(!rendering.workloads().isEmpty(), faults, "there is no workload");
        Set<String> names = new HashSet<>();
        for (HasMetadata object : rendering.objects()) {
            String name = object.getKind() + " " + object.getMetadata().getName();
            require(names.add(name), faults, "%s is there twice", name);
            boolean placed = OF_NO_NAMESPACE.contains(object.getClass())
                    || "rotunda".equals(object.getMetadata().getNamespace());
            require(placed, faults, "%s is not in the namespace rotunda", name);
        }
    }

    /** One pod of a workload at a time may be evicted; a pod that never became ready blocks nothing. */
    static void disruption(Rendering rendering, List<String> faults) {
        List<PodDisruptionBudget> budgets =
                rendering.all(PodDisruptionBudget.class).toList();
        for (Workload workload : rendering.workloads()) {
            long matching = budgets.stream()
                    .filter(budget ->
                            workload.isSelectedBy(budget.getSpec().getSelector().getMatchLabels()))
                    .count();
            require(matching == 1, faults, "%s has %s disruption budgets", workload, matching);
        }
        for (PodDisruptionBudget budget : budgets) {
            String name = budget.getMetadata().getName();
            var spec = budget.getSpec();
            require(
                    spec.getMaxUnavailable() != null
                            && Integer.valueOf(1)
                                    .equals(spec.getMaxUnavailable().getIntVal()),
                    faults,
                    "budget %s lets not exactly one pod go",
                    name);
            require(
                    "AlwaysAllow".equals(spec.getUnhealthyPodEvictionPolicy()),
                    faults,
                    "budget %s keeps broken pods",
                    name);
            require(
                    rendering.workloads().stream()
                            .anyMatch(workload ->
                                    workload.isSelectedBy(spec.getSelector().getMatchLabels())),
                    faults,
                    "budget %s matches no pod",
                    name);
        }
    }
}
