package org.rotunda.k8s;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.lang.reflect.InvocationTargetException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Checks each document against the types of Kubernetes: no unknown field at any depth, no missing one. Wrong types of
 * values fail already when {@link Rendering} parses them. Resources that do not belong to Kubernetes itself are listed
 * here with their fields; any other unknown kind is a fault.
 */
final class Schemas {
    private static final String MODELS = "io.kubernetes.client.openapi.models.";

    /** The fields of {@code spec} of the custom resources that the folder has. */
    private static final Map<String, Set<String>> CUSTOM = Map.of(
            "monitoring.coreos.com/v1 PodMonitor",
            Set.of("selector", "podMetricsEndpoints", "namespaceSelector", "podTargetLabels"),
            "monitoring.coreos.com/v1 ServiceMonitor",
            Set.of("selector", "endpoints", "namespaceSelector", "targetLabels", "podTargetLabels"),
            "monitoring.coreos.com/v1 PrometheusRule",
            Set.of("groups"),
            "keda.sh/v1alpha1 ScaledObject",
            Set.of(
                    "scaleTargetRef",
                    "minReplicaCount",
                    "maxReplicaCount",
                    "pollingInterval",
                    "cooldownPeriod",
                    "fallback",
                    "advanced",
                    "triggers"),
            "gateway.networking.k8s.io/v1 GatewayClass",
            Set.of("controllerName", "parametersRef", "description"),
            "gateway.networking.k8s.io/v1 Gateway",
            Set.of("gatewayClassName", "listeners", "addresses", "infrastructure"),
            "stunner.l7mp.io/v1 GatewayConfig",
            Set.of("realm", "authType", "authRef", "userName", "password", "sharedSecret", "authLifetime", "logLevel"),
            "stunner.l7mp.io/v1 UDPRoute",
            Set.of("parentRefs", "rules"));

    private Schemas() {}

    static void check(Rendering rendering, List<String> faults) {
        for (String document : rendering.documents()) {
            JsonObject object = JsonParser.parseString(document).getAsJsonObject();
            String version = object.get("apiVersion").getAsString();
            String kind = object.get("kind").getAsString();
            Set<String> fields = CUSTOM.get(version + " " + kind);
            if (fields != null) {
                object.getAsJsonObject("spec").keySet().stream()
                        .filter(field -> !fields.contains(field))
                        .forEach(field -> faults.add(kind + ": unknown field " + field));
            } else {
                validate(version, kind, object, faults);
            }
        }
    }

    private static void validate(String version, String kind, JsonObject object, List<String> faults) {
        String model = MODELS + version.substring(version.indexOf('/') + 1).toUpperCase(Locale.ROOT) + kind;
        try {
            Class.forName(model)
                    .getMethod("validateJsonElement", JsonElement.class)
                    .invoke(null, object);
        } catch (ClassNotFoundException unknown) {
            faults.add("unknown kind: " + version + " " + kind);
        } catch (InvocationTargetException invalid) {
            faults.add(kind + " " + object.getAsJsonObject("metadata").get("name") + ": "
                    + invalid.getTargetException().getMessage());
        } catch (ReflectiveOperationException changed) {
            throw new IllegalStateException(changed);
        }
    }
}
