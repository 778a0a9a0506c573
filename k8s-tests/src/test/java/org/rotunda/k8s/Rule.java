package org.rotunda.k8s;

import com.google.errorprone.annotations.FormatMethod;
import com.google.errorprone.annotations.FormatString;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** The rules that every rendered overlay keeps. Each rule adds a sentence for each fault to the list. */
enum Rule {
    SCHEMA(Schemas::check),
    PLACE(ObjectRules::place),
    POD_SECURITY(PodRules::security),
    RESOURCES(PodRules::resources),
    PROBES(PodRules::probes),
    GRACE(PodRules::grace),
    SPREAD(PodRules::spread),
    EVICTION(PodRules::eviction),
    LOOPS(PodRules::loops),
    IMAGE(PodRules::image),
    DISRUPTION(ObjectRules::disruption),
    SELECTORS(ServiceRules::selectors),
    GATEWAY_SERVICE(ServiceRules::gateway),
    MEDIA_SERVICES(ServiceRules::media),
    NETWORK(NetworkRules::check),
    ACCESS(AccessRules::check),
    SCALING(ScalingRules::check),
    FORMATION(FormationRules::check),
    VARIABLES(ConfigurationRules::variables),
    SECRETS(ConfigurationRules::secrets),
    CONFIGURATION(ConfigurationRules::accepted);

    @SuppressWarnings("ImmutableEnumChecker") // Each is a static method.
    private final BiConsumer<Rendering, List<String>> check;

    Rule(BiConsumer<Rendering, List<String>> check) {
        this.check = check;
    }

    /** Returns a sentence for each fault. */
    List<String> faults(Rendering rendering) {
        List<String> faults = new ArrayList<>();
        check.accept(rendering, faults);
        return faults;
    }

    /** Returns the faults of all rules, each with the name of its rule. */
    static List<String> allFaults(Rendering rendering) {
        List<String> all = new ArrayList<>();
        for (Rule rule : values()) {
            rule.faults(rendering).forEach(fault -> all.add(rule + ": " + fault));
        }
        return all;
    }

    /** Returns the rules that a rendering breaks. */
    static Set<Rule> broken(Rendering rendering) {
        Set<Rule> broken = new TreeSet<>();
        for (Rule rule : values()) {
            if (!rule.faults(rendering).isEmpty()) {
                broken.add(rule);
            }
        }
        return broken;
    }

    /** Adds a fault to the list unless the rule is kept. */
    @FormatMethod
    static void require(boolean kept, List<String> faults, @FormatString String fault, @Nullable Object... values) {
        if (!kept) {
            faults.add(String.format(fault, values));
        }
    }
}
