package org.rotunda.load.library;

import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Texts by name that the steps of a tour share, such as the SIDs of what earlier steps have created. */
final class TourVars {
    private static final Pattern REFERENCE = Pattern.compile("\\{([A-Za-z]+)}");

    private final Map<String, String> texts = new TreeMap<>();

    /** Returns a text; an unknown name is a fault of the tour. */
    String get(String name) {
        String text = texts.get(name);
        if (text == null) {
            throw new IllegalArgumentException("no step has set " + name + "; known: " + texts.keySet());
        }
        return text;
    }

    void put(String name, String text) {
        texts.put(name, text);
    }

    /** Replaces each name in braces by its text. */
    String fill(String template) {
        return REFERENCE.matcher(template).replaceAll(found -> Matcher.quoteReplacement(get(found.group(1))));
    }

    Map<String, String> all() {
        return Map.copyOf(texts);
    }
}
