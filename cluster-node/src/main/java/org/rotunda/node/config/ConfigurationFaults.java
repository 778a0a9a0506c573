package org.rotunda.node.config;

import java.util.List;

/** The exception for a configuration that cannot be used. Its message has one sentence for each fault. */
public final class ConfigurationFaults extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    private final transient List<String> faults;

    ConfigurationFaults(List<String> faults) {
        super(String.join(System.lineSeparator(), faults));
        this.faults = List.copyOf(faults);
    }

    public List<String> faults() {
        return faults;
    }
}
