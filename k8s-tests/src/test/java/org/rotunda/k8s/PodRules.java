package org.rotunda.k8s;

import static org.rotunda.k8s.Rule.require;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.TopologySpreadConstraint;
import io.fabric8.kubernetes.api.model.Volume;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The rules for pods: what they may do, what they get, and how they are watched. */
final class PodRules {
    private static final String ENFORCED = "pod-security.kubernetes.io/enforce";
    private static final String EVICTABLE = "cluster-autoscaler.kubernetes.io/safe-to-evict-local-volumes";
    /** The user that owns nothing in the image. */
    private static final long USER = 10001;
    /** The longest time in which a node stops in order, in seconds: that of a drain, and half as much again. */
    private static final int STOP_SECONDS = 90;

    private static final int STOP_SECONDS_MEDIA = 225;

    private PodRules() {}

    /** The standard {@code restricted} of the Pod Security Standards, and a root file system that nobody writes to. */
    static void security(Rendering rendering, List<String> faults) {
        boolean ofMachine = rendering
                .all(Namespace.class)
                .anyMatch(namespace ->
                        "privileged".equals(namespace.getMetadata().getLabels().get(ENFORCED)));
        rendering.all(Namespace.class).forEach(namespace -> {
            String enforced = namespace.getMetadata().getLabels().get(ENFORCED);
            require(ofMachine || "restricted".equals(enforced), faults, "the namespace enforces %s", enforced);
        });
        for (Workload workload : rendering.workloads()) {
            PodSpec pod = workload.pod();
            require(pod.getContainers().size() == 1, faults, "%s has several containers", workload);
            if (!ofMachine) {
                require(!isTrue(pod.getHostNetwork()), faults, "%s uses the network of its machine", workload);
                require(
                        workload.container().getPorts().stream().allMatch(port -> port.getHostPort() == null),
                        faults,
                        "%s takes ports of its machine",
                        workload);
            }
            require(!isTrue(pod.getHostPID()) && !isTrue(pod.getHostIPC()), faults, "%s sees its machine", workload);
            var context = pod.getSecurityContext();
            require(isTrue(context.getRunAsNonRoot()), faults, "%s may run as root", workload);
            require(Objects.equals(context.getRunAsUser(), USER), faults, "%s has another user", workload);
            require(
                    context.getSeccompProfile() != null
                            && "RuntimeDefault"
                                    .equals(context.getSeccompProfile().getType()),
                    faults,
                    "%s has no seccomp profile",
                    workload);
            container(workload.container(), workload, faults);
            pod.getVolumes()
                    .forEach(volume ->
                            require(isAllowed(volume), faults, "%s: volume %s is refused", workload, volume.getName()));
        }
    }

    private static void container(Container container, Workload workload, List<String> faults) {
        var context = container.getSecurityContext();
        require(
                Boolean.FALSE.equals(context.getAllowPrivilegeEscalation()),
                faults,
                "%s may gain privileges",
                workload);
        require(!isTrue(context.getPrivileged()), faults, "%s is privileged", workload);
        require(isTrue(context.getReadOnlyRootFilesystem()), faults, "%s may write its root", workload);
        require(
                context.getCapabilities() != null
                        && context.getCapabilities().getDrop().equals(List.of("ALL"))
                        && context.getCapabilities().getAdd().isEmpty(),
                faults,
                "%s keeps capabilities",
                workload);
    }

    private static boolean isAllowed(Volume volume) {
        return volume.getConfigMap() != null || volume.getSecret() != null || volume.getEmptyDir() != null;
    }

    /** A CPU limit would throttle media; memory beyond the request may be gone when it is needed. */
    static void resources(Rendering rendering, List<String> faults) {
        for (Workload workload : rendering.workloads()) {
            Map<String, Quantity> limits = workload.container().getResources().getLimits();
            Map<String, Quantity> requests = workload.container().getResources().getRequests();
            require(!limits.containsKey("cpu"), faults, "%s has a CPU limit", workload);
            require(
                    limits.get("memory") != null && limits.get("memory").equals(requests.get("memory")),
                    faults,
                    "%s: the limit of memory is not the request",
                    workload);
            require(
                    requests.get("memory") != null
                            && requests.get("memory").getNumericalAmount().longValue() >= 1L << 30,
                    faults,
                    "%s requests less than 1 GiB, with which it does not run",
                    workload);
            require(workload.cpus() >= 1, faults, "%s requests less than a core", workload);
            require(workload.cpus() == Math.rint(workload.cpus()), faults, "%s requests parts of a core", workload);
        }
    }

    static void probes(Rendering rendering, List<String> faults) {
        for (Workload workload : rendering.workloads()) {
            Container container = workload.container();
            probe(container.getStartupProbe(), "/alive", 2, 90, workload, faults);
            probe(container.getReadinessProbe(), "/ready", 2, 1, workload, faults);
            probe(container.getLivenessProbe(), "/alive", 10, 6, workload, faults);
            Probe liveness = container.getLivenessProbe();
            require(
                    liveness != null && Objects.equals(liveness.getTimeoutSeconds(), 5),
                    faults,
                    "%s: the liveness probe does not wait 5 s",
                    workload);
        }
    }

    private static void probe(
            @Nullable Probe probe, String path, int period, int failures, Workload workload, List<String> faults) {
        require(
                probe != null
                        && probe.getHttpGet() != null
                        && path.equals(probe.getHttpGet().getPath())
                        && "management".equals(probe.getHttpGet().getPort().getStrVal())
                        && Objects.equals(probe.getPeriodSeconds(), period)
                        && Objects.equals(probe.getFailureThreshold(), failures),
                faults,
                "%s: a probe is not %s at the management port every %s s, %s times",
                workload,
                path,
                period,
                failures);
    }

    /** SIGKILL must come after the longest drain. No hook is needed, because SIGTERM drains. */
    static void grace(Rendering rendering, List<String> faults) {
        for (Workload workload : rendering.workloads()) {
            Long grace = workload.pod().getTerminationGracePeriodSeconds();
            int least = workload.carriesMedia() ? STOP_SECONDS_MEDIA : STOP_SECONDS;
            require(grace != null && grace > least, faults, "%s is killed after %s s", workload, grace);
            require(
                    grace != null && grace <= 300,
                    faults,
                    "%s may take %s s, the autoscaler waits 10 min",
                    workload,
                    grace);
            require(workload.container().getLifecycle() == null, faults, "%s has a hook", workload);
            require(Objects.equals(workload.minReadySeconds(), 10), faults, "%s: minReadySeconds is not 10", workload);
        }
    }

    /** Pods of a workload are spread over machines and zones; room pods must be. */
    static void spread(Rendering rendering, List<String> faults) {
        for (Workload workload : rendering.workloads()) {
            List<TopologySpreadConstraint> constraints = workload.pod().getTopologySpreadConstraints();
            constraints.forEach(constraint -> require(
                    workload.isSelectedBy(constraint.getLabelSelector().getMatchLabels())
                            && constraint.getMaxSkew() == 1,
                    faults,
                    "%s: its pods are not spread by %s",
                    workload,
                    constraint.getTopologyKey()));
            Set<String> keys = constraints.stream()
                    .map(TopologySpreadConstraint::getTopologyKey)
                    .collect(Collectors.toCollection(TreeSet::new));
            require(!keys.isEmpty(), faults, "%s: its pods are not spread", workload);
            if (workload.name().equals("room") && !workload.carriesMedia()) {
                require(
                        keys.equals(Set.of("topology.kubernetes.io/zone", "kubernetes.io/hostname"))
                                && constraints.stream()
                                        .allMatch(one ->
                                                one.getWhenUnsatisfiable().equals("DoNotSchedule")),
                        faults,
                        "%s: two rooms may be on one machine or in one zone",
                        workload);
            }
            boolean carriesCalls = workload.name().equals("room") || workload.carriesMedia();
            require(
                    Objects.equals(workload.pod().getPriorityClassName(), carriesCalls ? "rotunda-calls" : null),
                    faults,
                    "%s: wrong priority",
                    workload);
        }
    }

    /** The cluster autoscaler may empty a machine, and pods know nothing of Services that do not concern them. */
    static void eviction(Rendering rendering, List<String> faults) {
        for (Workload workload : rendering.workloads()) {
            String local = workload.pod().getVolumes().stream()
                    .filter(volume -> volume.getEmptyDir() != null)
                    .map(Volume::getName)
                    .sorted()
                    .collect(Collectors.joining(","));
            Map<String, String> annotations = workload.template().getMetadata().getAnnotations();
            require(local.equals(annotations.get(EVICTABLE)), faults, "%s: not all of %s may go", workload, local);
            workload.pod().getVolumes().stream()
                    .filter(volume -> volume.getEmptyDir() != null)
                    .forEach(volume -> require(
                            volume.getEmptyDir().getSizeLimit() != null,
                            faults,
                            "%s: %s may fill",
                            workload,
                            volume.getName()));
            require(
                    Boolean.FALSE.equals(workload.pod().getEnableServiceLinks()),
                    faults,
                    "%s gets variables of all Services",
                    workload);
            Set<String> mounted = workload.container().getVolumeMounts().stream()
                    .map(mount -> mount.getName())
                    .collect(Collectors.toSet());
            workload.pod()
                    .getVolumes()
                    .forEach(volume -> require(
                            mounted.contains(volume.getName()),
                            faults,
                            "%s: %s is not mounted",
                            workload,
                            volume.getName()));
            require(mounted.contains("tmp"), faults, "%s has no folder to write to", workload);
        }
    }

    /** The JVM is told the CPU request, and the loops and ports of a media pod follow from it. */
    static void loops(Rendering rendering, List<String> faults) {
        for (Workload workload : rendering.workloads()) {
            List<String> names =
                    workload.container().getEnv().stream().map(EnvVar::getName).toList();
            EnvVar request = workload.variable("CPU_REQUEST").orElse(new EnvVar());
            require(
                    request.getValueFrom() != null
                            && request.getValueFrom().getResourceFieldRef() != null
                            && request.getValueFrom()
                                    .getResourceFieldRef()
                                    .getResource()
                                    .equals("requests.cpu")
                            && names.indexOf("CPU_REQUEST") < names.indexOf("JAVA_TOOL_OPTIONS"),
                    faults,
                    "%s: CPU_REQUEST is not the request, or comes too late",
                    workload);
            require(
                    workload.value("JAVA_TOOL_OPTIONS").orElse("").contains("-XX:ActiveProcessorCount=$(CPU_REQUEST)"),
                    faults,
                    "%s: the JVM is not told the CPU request",
                    workload);
            if (workload.carriesMedia()) {
                int loops = (int) Math.max(1, workload.cpus() - 1);
                List<ContainerPort> ports = workload.mediaPorts();
                require(
                        workload.value("MEDIA_LOOPS").orElse("").equals(Integer.toString(loops)),
                        faults,
                        "%s: MEDIA_LOOPS is not %s",
                        workload,
                        loops);
                require(ports.size() == loops, faults, "%s has %s media ports", workload, ports.size());
                for (int loop = 0; loop < ports.size(); loop++) {
                    require(
                            Workload.loop(ports.get(loop)) == loop
                                    && ports.get(loop).getContainerPort() == 10000 + loop
                                    && "UDP".equals(ports.get(loop).getProtocol()),
                            faults,
                            "%s: port %s is not that of loop %s",
                            workload,
                            ports.get(loop).getContainerPort(),
                            loop);
                }
            }
        }
    }

    /** One image, set by the overlay, and never a tag that moves. */
    static void image(Rendering rendering, List<String> faults) {
        Set<String> images = rendering.workloads().stream()
                .map(workload -> workload.container().getImage())
                .collect(Collectors.toCollection(TreeSet::new));
        require(images.size() == 1, faults, "different images: %s", images);
        images.forEach(image -> require(
                image.matches("[a-z0-9.-]+/[a-z0-9./-]+(:[0-9][\\w.-]*|@sha256:[0-9a-f]{64})"),
                faults,
                "image without registry or fixed version: %s",
                image));
    }

    private static boolean isTrue(@Nullable Boolean value) {
        return Boolean.TRUE.equals(value);
    }
}
