package org.rotunda.load.capacity;

import java.util.List;

/** Thrown if a mix cannot be used. Names all its faults, each with its key. */
final class MixFaults extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    MixFaults(String source, List<String> faults) {
        super(source + ": " + String.join("; ", faults));
    }
}
