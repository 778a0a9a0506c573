package org.rotunda.node.config;

import com.typesafe.config.ConfigException;
import java.util.Optional;
import java.util.function.Supplier;

/** Reads the settings of one section after another, and notes what each of them refuses. */
final class SettingsReader {
    private final FaultList faults;

    SettingsReader(FaultList faults) {
        this.faults = faults;
    }

    /**
     * Reads settings; empty if they, or keys that they read, have a fault.
     *
     * @param section under which a refusal is noted
     * @param others further sections and keys that are read
     */
    <T> Optional<T> read(String section, Supplier<T> settings, String... others) {
        if (faults.touches(section) || faults.touches(others)) {
            return Optional.empty();
        }
        try {
            return Optional.of(settings.get());
        } catch (ConfigException | IllegalArgumentException refused) {
            faults.add(section, String.valueOf(refused.getMessage()));
            return Optional.empty();
        }
    }
}
