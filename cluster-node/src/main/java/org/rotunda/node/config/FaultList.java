package org.rotunda.node.config;

import com.typesafe.config.ConfigOrigin;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The faults found in one configuration, sorted by their keys. Used by one thread. */
final class FaultList {
    private final Map<String, String> messages = new TreeMap<>();
    private final Set<String> unreadable = new HashSet<>();

    /** Adds a fault of a key or section whose value cannot be read. Only the first fault of a key is kept. */
    void add(String key, String message) {
        messages.putIfAbsent(key, message);
        unreadable.add(key);
    }

    /** Adds a fault for a key that nobody reads. The other keys of its section can still be read. */
    void addUnknown(String key, ConfigOrigin origin, String hint) {
        messages.putIfAbsent(key, "unknown key " + key + " in " + place(origin) + hint);
    }

    /**
     * Returns whether a fault makes one of these sections or keys unreadable. The fault may be in the section or key
     * itself, in a key inside it, or in a section around it.
     */
    boolean touches(String... sections) {
        for (String section : sections) {
            for (String key : unreadable) {
                if (key.equals(section)
                        || key.startsWith(section + ".")
                        || key.startsWith(section + "[")
                        || section.startsWith(key + ".")) {
                    return true;
                }
            }
        }
        return false;
    }

    boolean isEmpty() {
        return messages.isEmpty();
    }

    List<String> messages() {
        return List.copyOf(messages.values());
    }

    /**
     * Returns the place where a value was written: the file and its line, an environment variable, or the command line.
     */
    static String place(ConfigOrigin origin) {
        String source = origin.filename() == null ? origin.description() : origin.filename();
        if (source.startsWith(NodeConfiguration.SET_OPTION)) {
            return NodeConfiguration.SET_OPTION;
        }
        return origin.filename() == null || origin.lineNumber() < 1 ? source : source + " line " + origin.lineNumber();
    }
}
