package org.rotunda.node.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValue;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;

/** The kind of value that a key can have. */
sealed interface ValueKind {
    /**
     * Returns the allowed values in words, such as {@code port from 0 to 65535}. The documentation uses the same words.
     */
    String allowed();

    /** Adds a fault if the value is not of this kind, or one fault for each wrong part of the value. */
    void check(String key, ConfigValue value, FaultList faults);

    /**
     * A single value.
     *
     * @param secret true if messages must not show the value
     * @param accepts tells whether the value under {@link #KEY} is allowed; the value is also refused if this predicate
     *     throws a {@link ConfigException}
     */
    record Scalar(String allowed, boolean secret, Predicate<Config> accepts) implements ValueKind {
        static final String KEY = "value";
        private static final int SHOWN_MAX = 60;

        @Override
        public void check(String key, ConfigValue value, FaultList faults) {
            if (!isAccepted(value)) {
                faults.add(
                        key,
                        key + (secret ? "" : " = " + shown(value)) + " in " + FaultList.place(value.origin())
                                + " cannot be used; allowed: " + allowed);
            }
        }

        private boolean isAccepted(ConfigValue value) {
            try {
                return accepts.test(value.atKey(KEY));
            } catch (ConfigException notOfThisType) {
                return false;
            }
        }

        private static String shown(ConfigValue value) {
            String text = value.render(ConfigRenderOptions.concise());
            return text.length() > SHOWN_MAX ? text.substring(0, SHOWN_MAX) + "…" : text;
        }
    }

    /** A list of elements of one kind. */
    record ListOf(String allowed, ValueKind element) implements ValueKind {
        @Override
        public void check(String key, ConfigValue value, FaultList faults) {
            List<? extends ConfigValue> elements;
            try {
                elements = value.atKey(Scalar.KEY).getList(Scalar.KEY);
            } catch (ConfigException noList) {
                faults.add(key, ofWrongType(key, value, allowed));
                return;
            }
            for (int i = 0; i < elements.size(); i++) {
                element.check(key + "[" + i + "]", elements.get(i), faults);
            }
        }
    }

    /** An object with the given keys, as an element of a list. */
    record Fields(String allowed, Map<String, ValueKind> kinds, Set<String> required) implements ValueKind {
        @Override
        public void check(String key, ConfigValue value, FaultList faults) {
            if (!(value instanceof ConfigObject fields)) {
                faults.add(key, ofWrongType(key, value, allowed));
                return;
            }
            NearestKey nearest = NearestKey.among(kinds.keySet());
            fields.forEach((name, field) -> {
                String path = key + "." + name;
                ValueKind kind = kinds.get(name);
                if (kind != null) {
                    kind.check(path, field, faults);
                } else {
                    String hint = nearest.to(name)
                            .map(near -> "; did you mean " + near + "?")
                            .orElse("; the keys there are " + String.join(", ", new TreeMap<>(kinds).keySet()));
                    faults.addUnknown(path, field.origin(), hint);
                }
            });
            for (String name : required) {
                if (!fields.containsKey(name)) {
                    String path = key + "." + name;
                    faults.add(
                            path,
                            path + " is missing in " + FaultList.place(value.origin()) + "; allowed: "
                                    + allowedOf(name));
                }
            }
        }

        private String allowedOf(String name) {
            ValueKind kind = kinds.get(name);
            return kind == null ? "" : kind.allowed();
        }
    }

    private static String ofWrongType(String key, ConfigValue value, String allowed) {
        return key + " in " + FaultList.place(value.origin()) + " is " + typeOf(value) + "; allowed: " + allowed;
    }

    private static String typeOf(ConfigValue value) {
        return switch (value.valueType()) {
            case OBJECT -> "a section";
            case LIST -> "a list";
            case NULL -> "null";
            case NUMBER, BOOLEAN, STRING -> "a single value";
        };
    }
}
