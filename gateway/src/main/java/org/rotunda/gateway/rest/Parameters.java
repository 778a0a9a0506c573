package org.rotunda.gateway.rest;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.rotunda.room.protocol.StorableText;

/** The parameters of a query or a form. Names are case-sensitive. An empty value counts as absent. */
public final class Parameters {
    static final Parameters NONE = new Parameters();
    private static final Pattern DIGITS = Pattern.compile("-?[0-9]{1,18}");

    private final Map<String, List<String>> values = new HashMap<>();

    void add(String name, String value) {
        values.computeIfAbsent(name, key -> new ArrayList<>()).add(value);
    }

    /** Returns these parameters, and the given ones for those that are absent here. */
    Parameters orElse(Map<String, String> defaults) {
        Parameters all = new Parameters();
        values.forEach((name, each) -> all.values.put(name, new ArrayList<>(each)));
        defaults.forEach((name, value) -> {
            if (uncheckedText(name) == null) {
                all.values.put(name, new ArrayList<>(List.of(value)));
            }
        });
        return all;
    }

    /** Returns the value of a parameter. A value that breaks the rule of {@link StorableText} is refused. */
    public @Nullable String text(String name) {
        String text = uncheckedText(name);
        if (text != null && !StorableText.isStorable(text)) {
            throw ApiFault.invalid(name);
        }
        return text;
    }

    /**
     * Returns the value of a parameter without checking its characters. Used for parameters whose refusal has its own
     * error code. The caller must check the characters.
     */
    @Nullable
    String uncheckedText(String name) {
        List<String> all = values.get(name);
        return all == null || all.get(0).isEmpty() ? null : all.get(0);
    }

    /** Returns all values of a parameter that are not empty. A value that cannot be stored is refused. */
    List<String> texts(String name) {
        List<String> texts = values.getOrDefault(name, List.of()).stream()
                .filter(value -> !value.isEmpty())
                .toList();
        if (!texts.stream().allMatch(StorableText::isStorable)) {
            throw ApiFault.invalid(name);
        }
        return texts;
    }

    /**
     * Checks each value of a parameter. A value that the pattern does not match as a whole is refused.
     *
     * @param name the name of a parameter that the caller may repeat
     */
    void require(String name, Pattern pattern) {
        for (String value : texts(name)) {
            if (!pattern.matcher(value).matches()) {
                throw ApiFault.invalid(name);
            }
        }
    }

    /** Returns whether the parameter is there, even if it is empty. */
    boolean has(String name) {
        return values.containsKey(name);
    }

    /** Returns the values of a repeated parameter. A value with commas is split at the commas. */
    List<String> list(String name) {
        return values.getOrDefault(name, List.of()).stream()
                .flatMap(value -> List.of(value.split(",", -1)).stream())
                .map(String::strip)
                .filter(value -> !value.isEmpty())
                .toList();
    }

    /** Reads {@code true} or {@code false}, in upper or lower case. */
    boolean flag(String name, boolean whenAbsent) {
        String value = text(name);
        if (value == null) {
            return whenAbsent;
        }
        return switch (value.toLowerCase(Locale.ROOT)) {
            case "true" -> true;
            case "false" -> false;
            default -> throw ApiFault.invalid(name);
        };
    }

    /**
     * Reads a whole number that is lowered to the greatest value if it is above it. A value below the least value, or one
     * that is no number, is refused.
     */
    int clamped(String name, int whenAbsent, int min, int max) {
        String value = text(name);
        if (value == null) {
            return whenAbsent;
        }
        if (!DIGITS.matcher(value).matches() || Long.parseLong(value) < min) {
            throw ApiFault.invalid(name);
        }
        return (int) Math.min(Long.parseLong(value), max);
    }

    /** Reads a whole number. Throws the given fault if the value is not a whole number or is outside the range. */
    int number(String name, int whenAbsent, int min, int max, ApiFault outOfRange) {
        String value = text(name);
        if (value == null) {
            return whenAbsent;
        }
        if (!DIGITS.matcher(value).matches()) {
            throw outOfRange;
        }
        long number = Long.parseLong(value);
        if (number < min || number > max) {
            throw outOfRange;
        }
        return (int) number;
    }
}
