package org.rotunda.node.config;

import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;

/** Finds unknown keys and wrong values in a resolved configuration. */
final class KeyCheck {
    private static final String PREFIX = KnownKeys.ROOT + ".";
    private static final int LIKE_ROOT_MAX = 2;
    private static final int LISTED_MAX = 8;

    private final NearestKey nearest = NearestKey.among(KnownKeys.KINDS.keySet().stream()
            .map(key -> key.substring(PREFIX.length()))
            .toList());
    private final Set<String> sections = sections();
    private final FaultList faults;

    KeyCheck(FaultList faults) {
        this.faults = faults;
    }

    private static Set<String> sections() {
        Set<String> sections = new TreeSet<>();
        for (String key : KnownKeys.KINDS.keySet()) {
            for (int dot = key.lastIndexOf('.'); dot > 0; dot = key.lastIndexOf('.', dot - 1)) {
                sections.add(key.substring(0, dot));
            }
        }
        return sections;
    }

    /**
     * Checks everything under {@code rotunda}, and looks for keys elsewhere that should be under {@code rotunda}.
     *
     * @param libraries the first parts of the keys that libraries read, such as {@code pekko}; these keys are not
     *     checked
     * @param variables the first parts of the keys in the configuration file itself, without the libraries' defaults;
     *     the file may define keys of its own and use them as variables ({@code ${name}})
     */
    void check(ConfigObject root, Set<String> libraries, Set<String> variables) {
        root.forEach((name, value) -> {
            if (name.equals(KnownKeys.ROOT)) {
                section(name, value);
            } else if (!libraries.contains(name)) {
                leaves(name, value, (key, leaf) -> beside(key, leaf, variables.contains(name)));
            }
        });
    }

    private void section(String section, ConfigValue value) {
        if (!(value instanceof ConfigObject keys)) {
            faults.add(
                    section,
                    section + " in " + FaultList.place(value.origin()) + " is a section with the keys "
                            + String.join(", ", keysOf(section)) + ", not a value");
            return;
        }
        keys.forEach((name, child) -> {
            String key = section + "." + name;
            ValueKind kind = KnownKeys.KINDS.get(key);
            if (kind != null) {
                kind.check(key, child, faults);
            } else if (sections.contains(key)) {
                section(key, child);
            } else {
                leaves(key, child, this::unknown);
            }
        });
    }

    /** Visits every value under an unknown key with the value's full key. */
    private static void leaves(String key, ConfigValue value, BiConsumer<String, ConfigValue> visitor) {
        if (value instanceof ConfigObject object && !object.isEmpty()) {
            object.forEach((name, child) -> leaves(key + "." + name, child, visitor));
        } else {
            visitor.accept(key, value);
        }
    }

    private void unknown(String key, ConfigValue value) {
        faults.addUnknown(key, value.origin(), hint(key));
    }

    private String hint(String key) {
        String meant = meant(key.substring(PREFIX.length()));
        String section = key.substring(0, key.lastIndexOf('.'));
        return meant.isEmpty() && sections.contains(section)
                ? "; the keys of " + section + " are " + String.join(", ", keysOf(section))
                : meant;
    }

    /** Returns the text "did you mean …?" with similar known keys; empty if there are none. */
    private String meant(String name) {
        Optional<String> near = nearest.to(name);
        if (near.isPresent()) {
            return "; did you mean " + PREFIX + near.get() + "?";
        }
        List<String> alike =
                nearest.endingLike(name).stream().map(PREFIX::concat).toList();
        return alike.isEmpty() || alike.size() > LISTED_MAX ? "" : "; did you mean " + String.join(" or ", alike) + "?";
    }

    /**
     * Checks a key outside {@code rotunda} that no library reads. It may be a variable of the file, or a key whose
     * first part is missing or misspelled.
     */
    private void beside(String key, ConfigValue value, boolean isVariable) {
        int dot = key.indexOf('.');
        String first = dot < 0 ? key : key.substring(0, dot);
        String meant = PREFIX + key;
        if (dot > 0 && NearestKey.mistakes(first, KnownKeys.ROOT) <= LIKE_ROOT_MAX) {
            meant = PREFIX + key.substring(dot + 1);
        } else if (isVariable && !KnownKeys.KINDS.containsKey(meant) && !sections.contains(PREFIX + first)) {
            return;
        }
        String hint = sections.contains(PREFIX + first) || dot > 0 ? hint(meant) : meant(key);
        faults.addUnknown(key, value.origin(), hint);
    }

    private Set<String> keysOf(String section) {
        Set<String> names = new TreeSet<>();
        for (String key : KnownKeys.KINDS.keySet()) {
            if (key.startsWith(section + ".")) {
                String rest = key.substring(section.length() + 1);
                names.add(rest.contains(".") ? rest.substring(0, rest.indexOf('.')) : rest);
            }
        }
        return names;
    }
}
