package org.rotunda.k8s;

import static org.rotunda.k8s.Rule.require;

import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The rules for Services: they reach the pods that they are meant for, also while those are drained. */
final class ServiceRules {
    static final String POD_NAME = "statefulset.kubernetes.io/pod-name";

    private ServiceRules() {}

    static void selectors(Rendering rendering, List<String> faults) {
        for (Workload workload : rendering.workloads()) {
            require(
                    workload.isSelectedBy(workload.selector().getMatchLabels()),
                    faults,
                    "%s selects other pods than its own",
                    workload);
            if (workload.object() instanceof StatefulSet set) {
                boolean isHeadless = rendering
                        .find(Service.class, set.getSpec().getServiceName())
                        .filter(service -> "None".equals(service.getSpec().getClusterIP()))
                        .isPresent();
                require(isHeadless, faults, "%s has no headless Service", workload);
                require(
                        "Parallel".equals(set.getSpec().getPodManagementPolicy()),
                        faults,
                        "%s: a pod waits for the one before it",
                        workload);
            }
        }
        rendering.all(Service.class).forEach(service -> {
            String name = service.getMetadata().getName();
            Optional<Workload> target = target(rendering, service);
            require(target.isPresent(), faults, "Service %s selects the pods of no workload", name);
            target.ifPresent(workload -> service.getSpec()
                    .getPorts()
                    .forEach(port -> require(
                            portOf(workload, port).isPresent(),
                            faults,
                            "Service %s: port %s is none of %s",
                            name,
                            port.getName(),
                            workload)));
        });
    }

    /** Pods that are not ready must get no new clients. */
    static void gateway(Rendering rendering, List<String> faults) {
        Optional<Service> gateway = rendering.find(Service.class, "rotunda-gateway");
        require(gateway.isPresent(), faults, "there is no Service for clients");
        gateway.ifPresent(service -> {
            require(
                    !Boolean.TRUE.equals(service.getSpec().getPublishNotReadyAddresses()),
                    faults,
                    "the Service for clients sends them to pods that are not ready");
            Optional<Workload> target = target(rendering, service);
            require(
                    target.flatMap(workload -> portOf(
                                    workload, service.getSpec().getPorts().get(0)))
                            .filter(port -> port.getName().equals("http"))
                            .isPresent(),
                    faults,
                    "the Service for clients does not lead to HTTP");
        });
    }

    /** Each media pod that may exist has a Service of its own, which keeps its packets while the pod is drained. */
    static void media(Rendering rendering, List<String> faults) {
        Set<Integer> nodePorts = new HashSet<>();
        Set<String> shared = new HashSet<>();
        for (Workload workload : rendering.workloads()) {
            if (!workload.value("MEDIA_ADVERTISE_FROM").orElse("").equals("service")) {
                continue;
            }
            for (int pod = 0; pod < ScalingRules.replicasMax(rendering, workload); pod++) {
                String name = workload.name() + "-" + pod;
                Optional<Service> service = rendering.find(Service.class, name);
                require(service.isPresent(), faults, "there is no Service %s", name);
                service.ifPresent(present -> media(present, workload, nodePorts, shared, faults));
            }
        }
    }

    private static void media(
            Service service, Workload workload, Set<Integer> nodePorts, Set<String> shared, List<String> faults) {
        String name = service.getMetadata().getName();
        var spec = service.getSpec();
        require(
                spec.getSelector().equals(Map.of(POD_NAME, name)),
                faults,
                "Service %s selects %s",
                name,
                spec.getSelector());
        require(
                Boolean.TRUE.equals(spec.getPublishNotReadyAddresses()),
                faults,
                "Service %s cuts off a pod that is drained",
                name);
        require(
                "Local".equals(spec.getExternalTrafficPolicy()),
                faults,
                "Service %s hides the clients' addresses",
                name);
        List<String> names =
                workload.mediaPorts().stream().map(ContainerPort::getName).toList();
        require(
                spec.getPorts().stream().map(ServicePort::getName).toList().equals(names),
                faults,
                "Service %s has not the ports %s",
                name,
                names);
        for (ServicePort port : spec.getPorts()) {
            require(
                    Objects.equals(port.getTargetPort().getStrVal(), port.getName())
                            && "UDP".equals(port.getProtocol()),
                    faults,
                    "Service %s: port %s leads elsewhere",
                    name,
                    port.getName());
            require(
                    port.getNodePort() == null || nodePorts.add(port.getNodePort()),
                    faults,
                    "node port %s is there twice",
                    port.getNodePort());
        }
        if (spec.getType().equals("NodePort")) {
            require(
                    spec.getPorts().stream().allMatch(port -> port.getNodePort() != null),
                    faults,
                    "Service %s has no fixed ports",
                    name);
        } else {
            require(spec.getType().equals("LoadBalancer"), faults, "Service %s reaches nobody outside", name);
            loadBalancer(service, shared, faults);
        }
    }

    /** The health check of a load balancer must not ask whether the pod is ready. */
    private static void loadBalancer(Service service, Set<String> shared, List<String> faults) {
        String name = service.getMetadata().getName();
        Map<String, String> annotations = annotations(service);
        List<String> paths = annotations.entrySet().stream()
                .filter(annotation -> annotation.getKey().contains("healthcheck-path"))
                .map(Map.Entry::getValue)
                .toList();
        require(paths.equals(List.of("/alive")), faults, "Service %s: its health check asks %s", name, paths);
        String key = annotations.get("metallb.io/allow-shared-ip");
        if (key != null) {
            service.getSpec()
                    .getPorts()
                    .forEach(port -> require(
                            shared.add(key + " " + port.getPort()),
                            faults,
                            "port %s of the shared address is there twice",
                            port.getPort()));
        }
    }

    private static Map<String, String> annotations(Service service) {
        @Nullable Map<String, String> annotations = service.getMetadata().getAnnotations();
        return annotations == null ? Map.of() : annotations;
    }

    /** Returns the one workload whose pods a Service reaches. */
    private static Optional<Workload> target(Rendering rendering, Service service) {
        Map<String, String> selector = service.getSpec().getSelector();
        String pod = selector.get(POD_NAME);
        Stream<Workload> matching = pod == null
                ? rendering.workloads().stream().filter(workload -> workload.isSelectedBy(selector))
                : rendering.workloads().stream().filter(workload -> pod.matches(workload.name() + "-\\d+"));
        List<Workload> targets = matching.toList();
        return targets.size() == 1 ? Optional.of(targets.get(0)) : Optional.empty();
    }

    private static Optional<ContainerPort> portOf(Workload workload, ServicePort port) {
        String protocol = port.getProtocol() == null ? "TCP" : port.getProtocol();
        return workload.container().getPorts().stream()
                .filter(own -> own.getName().equals(port.getTargetPort().getStrVal()))
                .filter(own -> (own.getProtocol() == null ? "TCP" : own.getProtocol()).equals(protocol))
                .findFirst();
    }
}
