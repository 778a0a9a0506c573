package org.rotunda.k8s;

import static org.rotunda.k8s.Rule.require;

import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBinding;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import io.fabric8.kubernetes.api.model.rbac.Subject;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The rules for rights at the API server: exactly those that nodes use, and none that changes anything. */
final class AccessRules {
    private static final Map<String, String> ROLES =
            Map.of("rotunda-discovery", "pods get,list", "rotunda-media", "services get");
    private static final String NODE_ROLE = "rotunda-media-node";

    private AccessRules() {}

    static void check(Rendering rendering, List<String> faults) {
        Set<String> roles = new TreeSet<>();
        rendering.all(Role.class).forEach(role -> {
            String name = role.getMetadata().getName();
            roles.add(name);
            require(
                    text(role.getRules()).equals(ROLES.get(name)),
                    faults,
                    "Role %s allows %s",
                    name,
                    text(role.getRules()));
        });
        require(roles.equals(ROLES.keySet()), faults, "the Roles are %s", roles);
        rendering
                .all(ClusterRole.class)
                .forEach(role -> require(
                        role.getMetadata().getName().equals(NODE_ROLE)
                                && text(role.getRules()).equals("nodes get"),
                        faults,
                        "ClusterRole %s allows %s",
                        role.getMetadata().getName(),
                        text(role.getRules())));
        Set<String> used = new TreeSet<>();
        for (Workload workload : rendering.workloads()) {
            String account = String.valueOf(workload.pod().getServiceAccountName());
            used.add(account);
            boolean exists = rendering
                    .find(ServiceAccount.class, account)
                    .filter(one -> Boolean.TRUE.equals(one.getAutomountServiceAccountToken()))
                    .isPresent();
            require(exists, faults, "%s: there is no ServiceAccount %s with a token", workload, account);
            require(isBound(rendering, "rotunda-discovery", account), faults, "%s cannot find the others", workload);
            boolean asksService =
                    workload.value("MEDIA_ADVERTISE_FROM").orElse("").equals("service");
            require(
                    !asksService || isBound(rendering, "rotunda-media", account),
                    faults,
                    "%s cannot read its Service",
                    workload);
            if (asksNode(rendering, workload)) {
                require(
                        rendering
                                .all(ClusterRoleBinding.class)
                                .anyMatch(binding ->
                                        binding.getRoleRef().getName().equals(NODE_ROLE)
                                                && names(binding.getSubjects()).contains(account)),
                        faults,
                        "%s cannot read its machine",
                        workload);
            }
        }
        rendering
                .all(ServiceAccount.class)
                .forEach(account -> require(
                        used.contains(account.getMetadata().getName()),
                        faults,
                        "no pod uses ServiceAccount %s",
                        account.getMetadata().getName()));
        rendering
                .all(RoleBinding.class)
                .forEach(binding -> require(
                        used.containsAll(names(binding.getSubjects())),
                        faults,
                        "RoleBinding %s names an account of no pod",
                        binding.getMetadata().getName()));
    }

    /** Returns whether pods of this workload ask the API server for the address of their machine. */
    private static boolean asksNode(Rendering rendering, Workload workload) {
        if (workload.value("NODE_ADDRESS").orElse("external").equals("internal")) {
            return false;
        }
        String from = workload.value("MEDIA_ADVERTISE_FROM").orElse("");
        return from.equals("node")
                || (from.equals("service")
                        && rendering
                                .find(io.fabric8.kubernetes.api.model.Service.class, workload.name() + "-0")
                                .filter(service ->
                                        "NodePort".equals(service.getSpec().getType()))
                                .isPresent());
    }

    private static boolean isBound(Rendering rendering, String role, String account) {
        return rendering
                .all(RoleBinding.class)
                .filter(binding -> binding.getRoleRef().getName().equals(role))
                .anyMatch(binding -> names(binding.getSubjects()).contains(account));
    }

    private static Set<String> names(List<Subject> subjects) {
        return subjects.stream().map(Subject::getName).collect(Collectors.toSet());
    }

    private static String text(List<PolicyRule> rules) {
        return rules.stream()
                .map(rule -> String.join(",", rule.getResources()) + " " + String.join(",", rule.getVerbs()))
                .collect(Collectors.joining("; "));
    }
}
