package org.rotunda.k8s;

import static org.rotunda.k8s.Rule.require;

import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.rotunda.node.config.NodeConfiguration;

/** The rules for the configuration files in the ConfigMap, and for the variables that they use. */
final class ConfigurationRules {
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{(\\??)([A-Z][A-Z_]*)}");
    private static final Pattern INCLUDE = Pattern.compile("^include \"([a-z]+\\.conf)\"", Pattern.MULTILINE);
    private static final String SECRETS = "/etc/rotunda-secret/";

    /** The variables that the JVM reads, or that others are made of. */
    private static final Set<String> OF_THE_JVM = Set.of("JAVA_TOOL_OPTIONS", "CPU_REQUEST");

    private static final String ACCOUNTS = """
            rotunda.accounts = [{
              sid = AC0123456789abcdef0123456789abcdef
              auth-tokens = ["thirty-two-characters-of-a-token"]
              keys = [{ sid = SK0123456789abcdef0123456789abcdef, secret = "thirty-two-characters-of-a-secret" }]
            }]
            """;

    private ConfigurationRules() {}

    /** Each variable that a file needs is set, and each that is set is used. */
    static void variables(Rendering rendering, List<String> faults) {
        for (Workload workload : rendering.workloads()) {
            Set<String> used = new HashSet<>(OF_THE_JVM);
            Set<String> set = new HashSet<>();
            for (EnvVar variable : workload.container().getEnv()) {
                require(set.add(variable.getName()), faults, "%s sets %s twice", workload, variable.getName());
            }
            String text = text(rendering.files(workload), workload.configurationFile(), new HashSet<>());
            require(!text.isEmpty(), faults, "%s: there is no %s", workload, workload.configurationFile());
            Matcher variables = VARIABLE.matcher(text);
            while (variables.find()) {
                String name = variables.group(2);
                used.add(name);
                require(
                        set.contains(name) || variables.group(1).equals("?"),
                        faults,
                        "%s does not set %s",
                        workload,
                        name);
            }
            set.removeAll(used);
            require(set.isEmpty(), faults, "%s sets variables that nothing uses: %s", workload, set);
        }
    }

    /** Returns a file with all files that it includes. */
    private static String text(Map<String, String> files, String file, Set<String> seen) {
        String own = files.getOrDefault(file, "");
        StringBuilder whole = new StringBuilder(own);
        Matcher includes = INCLUDE.matcher(own);
        while (includes.find()) {
            if (seen.add(includes.group(1))) {
                whole.append(text(files, includes.group(1), seen));
            }
        }
        return whole.toString();
    }

    /** Every pod may list pods, so no secret stands in one; nor in the ConfigMap. */
    static void secrets(Rendering rendering, List<String> faults) {
        for (Workload workload : rendering.workloads()) {
            for (EnvVar variable : workload.container().getEnv()) {
                boolean isSecret = variable.getName().matches(".*(PASSWORD|SECRET|TOKEN|DB_URL|DB_USER).*");
                boolean fromSecret = variable.getValueFrom() != null
                        && variable.getValueFrom().getSecretKeyRef() != null;
                require(!isSecret || fromSecret, faults, "%s has %s in its manifest", workload, variable.getName());
            }
            rendering
                    .files(workload)
                    .forEach((name, text) -> require(
                            text.lines()
                                    .noneMatch(line -> line.matches(
                                            "\\s*(password|secret|auth-tokens|secrets-keys)\\s*[=:]\\s*+[^$].*")),
                            faults,
                            "%s has a secret",
                            name));
        }
    }

    /** A node takes the files, with the values that a pod would have. */
    static void accepted(Rendering rendering, List<String> faults) {
        for (Workload workload : rendering.workloads()) {
            Map<String, String> files = rendering.files(workload);
            require(
                    workload.container().getVolumeMounts().stream()
                            .anyMatch(mount -> mount.getMountPath().equals("/etc/rotunda")),
                    faults,
                    "%s does not mount its configuration",
                    workload);
            boolean hasAccounts = workload.container().getVolumeMounts().stream()
                    .anyMatch(mount -> SECRETS.equals(mount.getMountPath() + "/"));
            for (String fault : check(files, workload, hasAccounts)) {
                faults.add(workload + ": " + fault);
            }
        }
    }

    private static List<String> check(Map<String, String> files, Workload workload, boolean hasAccounts) {
        try {
            Path folder = Files.createTempDirectory("rotunda-k8s");
            try {
                for (Map.Entry<String, String> file : files.entrySet()) {
                    Files.writeString(
                            folder.resolve(file.getKey()), file.getValue().replace(SECRETS, folder + "/"));
                }
                if (hasAccounts) {
                    Files.writeString(folder.resolve("accounts.conf"), ACCOUNTS);
                }
                // The file, after the values that a pod has in its environment.
                StringBuilder whole = new StringBuilder();
                values(workload)
                        .forEach((name, value) ->
                                whole.append(name).append(" = ").append(value).append('\n'));
                whole.append("include required(\"")
                        .append(workload.configurationFile())
                        .append("\")\n");
                Path file = Files.writeString(folder.resolve("with-values.conf"), whole);
                return NodeConfiguration.readFile(file, Map.of()).faults();
            } finally {
                try (Stream<Path> written = Files.list(folder)) {
                    for (Path file : written.toList()) {
                        Files.delete(file);
                    }
                }
                Files.delete(folder);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Returns the values of the variables of a pod, as a configuration file can use them. */
    private static Map<String, String> values(Workload workload) {
        Map<String, String> values = new LinkedHashMap<>();
        for (EnvVar variable : workload.container().getEnv()) {
            String value =
                    variable.getValueFrom() == null ? variable.getValue() : valueOf(variable.getValueFrom(), workload);
            values.put(variable.getName(), '"' + value + '"');
        }
        return values;
    }

    private static String valueOf(EnvVarSource source, Workload workload) {
        if (source.getFieldRef() != null) {
            return switch (source.getFieldRef().getFieldPath()) {
                case "status.podIP" -> "10.1.2.3";
                case "status.hostIP" -> "192.168.7.9";
                case "spec.nodeName" -> "machine-1";
                case "metadata.name" -> workload.name() + "-0";
                default -> throw new IllegalStateException(source.toString());
            };
        }
        if (source.getResourceFieldRef() != null) {
            return Integer.toString((int) workload.cpus());
        }
        return switch (source.getSecretKeyRef().getKey()) {
            case "url" -> "jdbc:postgresql://database.example.com/rotunda";
            case "user" -> "rotunda";
            case "password" -> "of the database";
            default -> throw new IllegalStateException(source.toString());
        };
    }
}
