package org.rotunda.k8s;

import static org.rotunda.k8s.Rule.require;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The rules for how the nodes find each other: through room pods only, and through more than half of them. */
final class FormationRules {
    private static final Pattern SELECTOR = Pattern.compile("label-selector\\s*=\\s*\"([^\"]+)\"");
    private static final Pattern MIN = Pattern.compile("contact-points-min\\s*=\\s*(\\d+)");

    private FormationRules() {}

    static void check(Rendering rendering, List<String> faults) {
        for (Workload workload : rendering.workloads()) {
            String file = rendering.files(workload).getOrDefault("cluster.conf", "");
            Matcher selector = SELECTOR.matcher(file);
            Matcher min = MIN.matcher(file);
            if (!selector.find() || !min.find()) {
                faults.add(workload + ": nodes do not find each other");
                continue;
            }
            Map<String, String> labels = labels(selector.group(1));
            List<String> found = rendering.workloads().stream()
                    .filter(other -> other.isSelectedBy(labels))
                    .map(Workload::name)
                    .toList();
            require(found.equals(List.of("room")), faults, "nodes look for each other among %s", found);
            int least = Integer.parseInt(min.group(1));
            @Nullable
            Integer rooms = rendering.workloads().stream()
                    .filter(other -> other.name().equals("room"))
                    .findFirst()
                    .map(Workload::replicas)
                    .orElse(null);
            require(
                    rooms != null && least > rooms / 2 && least <= rooms,
                    faults,
                    "%s of %s room pods form a cluster",
                    least,
                    rooms);
        }
    }

    private static Map<String, String> labels(String selector) {
        return Arrays.stream(selector.split(","))
                .map(label -> label.split("="))
                .collect(Collectors.toMap(label -> label[0], label -> label[1], (one, other) -> other, TreeMap::new));
    }
}
