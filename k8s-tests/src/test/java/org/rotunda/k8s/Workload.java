package org.rotunda.k8s;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A Deployment or StatefulSet whose pods are nodes.
 *
 * @param replicas null if the manifest leaves the number to an autoscaler
 */
record Workload(
        HasMetadata object,
        @Nullable Integer replicas,
        @Nullable Integer minReadySeconds,
        LabelSelector selector,
        PodTemplateSpec template) {
    private static final Pattern MEDIA_PORT = Pattern.compile("media-(\\d+)");

    static Stream<Workload> of(HasMetadata object) {
        if (object instanceof Deployment deployment) {
            return Stream.of(new Workload(
                    deployment,
                    deployment.getSpec().getReplicas(),
                    deployment.getSpec().getMinReadySeconds(),
                    deployment.getSpec().getSelector(),
                    deployment.getSpec().getTemplate()));
        }
        if (object instanceof StatefulSet set) {
            return Stream.of(new Workload(
                    set,
                    set.getSpec().getReplicas(),
                    set.getSpec().getMinReadySeconds(),
                    set.getSpec().getSelector(),
                    set.getSpec().getTemplate()));
        }
        return Stream.empty();
    }

    String name() {
        return object.getMetadata().getName();
    }

    Map<String, String> labels() {
        return template.getMetadata().getLabels();
    }

    PodSpec pod() {
        return template.getSpec();
    }

    /** Returns the one container of a node's pod. */
    Container container() {
        return pod().getContainers().get(0);
    }

    /** Returns the name of the configuration file that the program is given. */
    String configurationFile() {
        List<String> arguments = container().getArgs();
        return arguments
                .get(arguments.indexOf("-c") + 1)
                .substring(arguments.get(arguments.indexOf("-c") + 1).lastIndexOf('/') + 1);
    }

    Optional<EnvVar> variable(String name) {
        return container().getEnv().stream()
                .filter(variable -> variable.getName().equals(name))
                .findFirst();
    }

    Optional<String> value(String name) {
        return variable(name).map(EnvVar::getValue);
    }

    /** Returns the ports of media, in the order of their loops. */
    List<ContainerPort> mediaPorts() {
        return container().getPorts().stream()
                .filter(port -> MEDIA_PORT.matcher(port.getName()).matches())
                .sorted((one, other) -> Integer.compare(loop(one), loop(other)))
                .toList();
    }

    static int loop(ContainerPort port) {
        Matcher name = MEDIA_PORT.matcher(port.getName());
        return name.matches() ? Integer.parseInt(name.group(1)) : -1;
    }

    boolean carriesMedia() {
        return !mediaPorts().isEmpty();
    }

    /** Returns the CPU request in cores. */
    double cpus() {
        Quantity request = container().getResources().getRequests().get("cpu");
        return request == null ? 0 : request.getNumericalAmount().doubleValue();
    }

    boolean isSelectedBy(Map<String, String> labels) {
        return labels().entrySet().containsAll(labels.entrySet());
    }

    @Override
    public String toString() {
        return object.getKind() + " " + name();
    }
}
