package org.rotunda.k8s;

import static org.rotunda.k8s.Rule.require;

import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyIngressRule;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPort;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The rules for NetworkPolicies: exactly the ports of the pods are open, and only media to everybody. */
final class NetworkRules {
    private NetworkRules() {}

    static void check(Rendering rendering, List<String> faults) {
        List<NetworkPolicy> policies = rendering.all(NetworkPolicy.class).toList();
        boolean denies = policies.stream()
                .anyMatch(policy -> labels(policy).isEmpty()
                        && policy.getSpec().getIngress().isEmpty()
                        && policy.getSpec().getEgress().isEmpty()
                        && policy.getSpec().getPolicyTypes().containsAll(List.of("Ingress", "Egress")));
        require(denies, faults, "what no policy names is not refused");
        for (Workload workload : rendering.workloads()) {
            Set<String> open = new TreeSet<>();
            for (NetworkPolicy policy : policies) {
                if (workload.isSelectedBy(labels(policy))) {
                    policy.getSpec().getIngress().forEach(rule -> rule(rule, policy, workload, open, faults));
                }
            }
            workload.container()
                    .getPorts()
                    .forEach(port -> require(
                            open.contains(port.getName()),
                            faults,
                            "%s: nobody reaches port %s",
                            workload,
                            port.getName()));
        }
        for (NetworkPolicy policy : policies) {
            boolean used = rendering.workloads().stream().anyMatch(workload -> workload.isSelectedBy(labels(policy)));
            require(
                    used,
                    faults,
                    "policy %s is for no pod",
                    policy.getMetadata().getName());
            policy.getSpec()
                    .getEgress()
                    .forEach(rule -> require(
                            !rule.getPorts().isEmpty(),
                            faults,
                            "policy %s lets everything out",
                            policy.getMetadata().getName()));
        }
    }

    private static void rule(
            NetworkPolicyIngressRule rule,
            NetworkPolicy policy,
            Workload workload,
            Set<String> open,
            List<String> faults) {
        String name = policy.getMetadata().getName();
        require(!rule.getPorts().isEmpty(), faults, "policy %s opens all ports", name);
        for (NetworkPolicyPort port : rule.getPorts()) {
            @Nullable
            String target = port.getPort() == null ? null : port.getPort().getStrVal();
            boolean exists = workload.container().getPorts().stream().anyMatch(own -> isSame(own, port));
            require(exists, faults, "policy %s opens port %s, which %s has not", name, target, workload);
            boolean toAll = rule.getFrom().isEmpty();
            boolean isMedia = target != null && target.startsWith("media-");
            require(toAll == isMedia, faults, "policy %s opens port %s to %s", name, target, toAll ? "all" : "few");
            if (target != null) {
                open.add(target);
            }
        }
    }

    private static boolean isSame(ContainerPort own, NetworkPolicyPort port) {
        String protocol = own.getProtocol() == null ? "TCP" : own.getProtocol();
        return port.getPort() != null
                && own.getName().equals(port.getPort().getStrVal())
                && protocol.equals(port.getProtocol());
    }

    private static Map<String, String> labels(NetworkPolicy policy) {
        @Nullable Map<String, String> labels = policy.getSpec().getPodSelector().getMatchLabels();
        return labels == null ? Map.of() : labels;
    }
}
