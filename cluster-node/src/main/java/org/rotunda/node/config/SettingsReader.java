package org.rotunda.node.config;

import com.typesafe.config.ConfigException;
import java.util.Optional;
import java.util.function.Supplier;

/** Reads the settings of sections, and reports the faults that it finds. */
final class SettingsReader {
    private final FaultList faults;

    SettingsReader(FaultList faults) {
        this.faults = faults;
    }

    /**
     * Reads settings. Returns nothing if the settings, or keys that they need, have a fault.
     *
     * @param section the section under which a fault is reported
     * @param others further sections and keys that the settings need
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
