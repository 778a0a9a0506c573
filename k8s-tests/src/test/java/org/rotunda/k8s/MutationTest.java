package org.rotunda.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Checks that the rules find faults that a person could make in the manifests, and that each rule finds one of them. */
class MutationTest {

    /** A fault: a text in a file that is replaced by another, and the rule that must find it. */
    enum Fault {
        UNKNOWN_FIELD("base/media.yaml", "minReadySeconds: 10", "minReadySecs: 10", Rule.SCHEMA),
        NO_NAMESPACE("overlays/production/kustomization.yaml", "namespace: rotunda\n", "", Rule.PLACE),
        ROOT_USER("base/gateway.yaml", "runAsUser: 10001", "runAsUser: 0", Rule.POD_SECURITY),
        CAPABILITIES("base/media.yaml", "capabilities: { drop: [ALL] }", "capabilities: {}", Rule.POD_SECURITY),
        NO_SECCOMP("base/room.yaml", "type: RuntimeDefault", "type: Unconfined", Rule.POD_SECURITY),
        WRITABLE_ROOT(
                "base/room.yaml", "readOnlyRootFilesystem: true", "readOnlyRootFilesystem: false", Rule.POD_SECURITY),
        HOST_PORT(
                "base/media.yaml",
                "containerPort: 10000,",
                "containerPort: 10000, hostPort: 10000,",
                Rule.POD_SECURITY),
        HOST_PATH("base/room.yaml", "emptyDir: { sizeLimit: 64Mi }", "hostPath: { path: /tmp }", Rule.POD_SECURITY),
        WEAK_NAMESPACE("base/namespace.yaml", "enforce: restricted", "enforce: baseline", Rule.POD_SECURITY),
        CPU_LIMIT("base/media.yaml", "limits: { memory: 4Gi }", "limits: { memory: 4Gi, cpu: \"4\" }", Rule.RESOURCES),
        MEMORY_OVERCOMMIT("base/gateway.yaml", "limits: { memory: 2Gi }", "limits: { memory: 3Gi }", Rule.RESOURCES),
        LIVENESS_ASKS_READY(
                "base/media.yaml",
                "/alive, port: management }\n            periodSeconds: 10",
                "/ready, port: management }\n            periodSeconds: 10",
                Rule.PROBES),
        QUICK_KILL("base/media.yaml", "failureThreshold: 6", "failureThreshold: 1", Rule.PROBES),
        SHORT_GRACE(
                "base/media.yaml",
                "terminationGracePeriodSeconds: 300",
                "terminationGracePeriodSeconds: 30",
                Rule.GRACE),
        ENDLESS_GRACE(
                "base/media.yaml",
                "terminationGracePeriodSeconds: 300",
                "terminationGracePeriodSeconds: 18000",
                Rule.GRACE),
        ROOMS_TOGETHER(
                "base/room.yaml", "whenUnsatisfiable: DoNotSchedule", "whenUnsatisfiable: ScheduleAnyway", Rule.SPREAD),
        UNEVICTABLE(
                "base/gateway.yaml",
                "safe-to-evict-local-volumes: tmp",
                "safe-to-evict-local-volumes: temp",
                Rule.EVICTION),
        SERVICE_LINKS("base/gateway.yaml", "enableServiceLinks: false", "enableServiceLinks: true", Rule.EVICTION),
        MORE_LOOPS("base/media.yaml", "MEDIA_LOOPS, value: \"3\"", "MEDIA_LOOPS, value: \"4\"", Rule.LOOPS),
        JVM_NOT_TOLD("base/room.yaml", "-XX:ActiveProcessorCount=$(CPU_REQUEST)", "-XX:+UseZGC", Rule.LOOPS),
        MOVING_TAG("overlays/production/kustomization.yaml", "newTag: 0.1.0", "newTag: latest", Rule.IMAGE),
        OTHER_IMAGE("base/gateway.yaml", "image: rotunda ", "image: rotunda-gateway ", Rule.IMAGE),
        BUDGET_OF_NOBODY("base/disruption.yaml", "component: media }", "component: medium }", Rule.DISRUPTION),
        BUDGET_KEEPS_BROKEN("base/disruption.yaml", "AlwaysAllow", "IfHealthyBudget", Rule.DISRUPTION),
        WRONG_SELECTOR(
                "base/services.yaml", "component: gateway }\n  ports", "component: gate }\n  ports", Rule.SELECTORS),
        ORDERED_START(
                "base/room.yaml", "podManagementPolicy: Parallel", "podManagementPolicy: OrderedReady", Rule.SELECTORS),
        CLIENTS_TO_ENDING_PODS(
                "base/services.yaml",
                "spec:\n  selector: { app.kubernetes.io/name: rotunda, app.kubernetes.io/component: gateway }",
                "spec:\n  publishNotReadyAddresses: true\n  selector: { app.kubernetes.io/name: rotunda, app.kubernetes.io/component: gateway }",
                Rule.GATEWAY_SERVICE),
        DRAIN_CUTS(
                "components/expose-loadbalancer/services.yaml",
                "publishNotReadyAddresses: true",
                "publishNotReadyAddresses: false",
                Rule.MEDIA_SERVICES),
        BALANCER_ASKS_READY(
                "components/expose-loadbalancer/services.yaml",
                "healthcheck-path: /alive",
                "healthcheck-path: /ready",
                Rule.MEDIA_SERVICES),
        HIDDEN_CLIENTS(
                "components/expose-loadbalancer/services.yaml",
                "externalTrafficPolicy: Local",
                "externalTrafficPolicy: Cluster",
                Rule.MEDIA_SERVICES),
        OTHER_POD(
                "components/expose-loadbalancer/services.yaml",
                "pod-name: media-1 }",
                "pod-name: media-0 }",
                Rule.MEDIA_SERVICES),
        TOO_FEW_SERVICES(
                "components/autoscale-hpa/autoscalers.yaml", "maxReplicas: 4", "maxReplicas: 5", Rule.MEDIA_SERVICES),
        CLOSED_PORT("base/network.yaml", "        - { port: media-2, protocol: UDP }\n", "", Rule.NETWORK),
        OPEN_CLUSTER(
                "base/network.yaml",
                "    - ports:\n        - { port: media-0, protocol: UDP }",
                "    - ports:\n        - { port: cluster, protocol: TCP }\n        - { port: media-0, protocol: UDP }",
                Rule.NETWORK),
        NO_DENY(
                "base/network.yaml",
                "  podSelector: {}\n  policyTypes: [Ingress, Egress]",
                "  podSelector: {}\n  policyTypes: [Egress]",
                Rule.NETWORK),
        MORE_RIGHTS("base/access.yaml", "verbs: [get, list]", "verbs: [get, list, patch]", Rule.ACCESS),
        FEWER_RIGHTS(
                "base/access.yaml",
                "resources: [services]\n    verbs: [get]",
                "resources: [services]\n    verbs: [list]",
                Rule.ACCESS),
        NO_TOKEN(
                "base/access.yaml",
                "rotunda-room }\nautomountServiceAccountToken: true",
                "rotunda-room }\nautomountServiceAccountToken: false",
                Rule.ACCESS),
        EVEN_ROOMS("base/room.yaml", "replicas: 3", "replicas: 4", Rule.SCALING),
        SCALE_TO_ZERO("components/autoscale-hpa/autoscalers.yaml", "minReplicas: 2", "minReplicas: 0", Rule.SCALING),
        KEDA_SCALES_TO_ZERO(
                "components/autoscale-keda/scaled-objects.yaml",
                "minReplicaCount: 2",
                "minReplicaCount: 0",
                Rule.SCALING),
        KEDA_SCALES_BY_NOTHING(
                "components/autoscale-keda/scaled-objects.yaml",
                "sum(rotunda_media_load{",
                "sum(rotunda_load{",
                Rule.SCALING),
        KEDA_IS_HASTY(
                "components/autoscale-keda/scaled-objects.yaml",
                "stabilizationWindowSeconds: 900",
                "stabilizationWindowSeconds: 9",
                Rule.SCALING),
        SCALE_BY_NOTHING(
                "components/autoscale-hpa/autoscalers.yaml",
                "name: rotunda_media_load",
                "name: rotunda_load",
                Rule.SCALING),
        CONTACT_OF_ALL_ROLES("base/config/cluster.conf", ",app.kubernetes.io/component=room", "", Rule.FORMATION),
        CLUSTER_OF_ONE("base/config/cluster.conf", "contact-points-min = 2", "contact-points-min = 1", Rule.FORMATION),
        UNSET_VARIABLE("base/media.yaml", "name: MEDIA_LOOPS", "name: LOOPS", Rule.VARIABLES),
        PASSWORD_IN_MANIFEST(
                "base/room.yaml",
                "{ name: ROTUNDA_DB_PASSWORD, valueFrom: { secretKeyRef: { name: rotunda-database, key: password } } }",
                "{ name: ROTUNDA_DB_PASSWORD, value: tiger }",
                Rule.SECRETS),
        MISSPELT_KEY("base/config/media.conf", "port = 10000", "ports = 10000", Rule.CONFIGURATION),
        MISSING_FILE("base/room.yaml", "/etc/rotunda/room.conf", "/etc/rotunda/rooms.conf", Rule.CONFIGURATION);

        private final String file;
        private final String from;
        private final String to;
        private final Rule rule;

        Fault(String file, String from, String to, Rule rule) {
            this.file = file;
            this.from = from;
            this.to = to;
            this.rule = rule;
        }
    }

    @ParameterizedTest
    @EnumSource
    void aFaultIsFoundByItsRule(Fault fault, @TempDir Path folder) throws IOException {
        ManifestFolder copy = ManifestFolder.copyTo(folder);
        copy.replace(fault.file, fault.from, fault.to);

        assertThat(Rule.broken(copy.render(overlayWith(fault, copy)))).contains(fault.rule);
    }

    /** Returns an overlay that has the file of the fault. */
    private static String overlayWith(Fault fault, ManifestFolder copy) throws IOException {
        if (!fault.file.startsWith("components/autoscale-keda/")) {
            return "production";
        }
        copy.overlay("with-keda", "autoscale-keda");
        return "with-keda";
    }

    @Test
    void everyRuleFindsAFault() {
        Set<Rule> rules = EnumSet.noneOf(Rule.class);
        for (Fault fault : Fault.values()) {
            rules.add(fault.rule);
        }

        assertThat(rules).containsExactlyInAnyOrder(Rule.values());
    }
}
