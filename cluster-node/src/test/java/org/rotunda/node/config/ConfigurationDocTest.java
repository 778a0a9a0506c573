package org.rotunda.node.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rotunda.gateway.GatewaySettings;

/**
 * Checks that {@code docs/configuration.md} lists exactly the existing keys with their defaults, and that its example
 * can be used.
 */
class ConfigurationDocTest {
    private static final Path PAGE = Path.of("..", "docs", "configuration.md");

    /** A row of a table: key, allowed values, default. */
    private static final Pattern ROW =
            Pattern.compile("^\\| `(rotunda\\.[a-z0-9.-]+)` \\| ([^|]*) \\| `([^|]*)` \\|", Pattern.MULTILINE);

    private static final Pattern EXAMPLE = Pattern.compile("```hocon\n(.*?)```", Pattern.DOTALL);

    @Test
    void listsEveryKeyOfTheReferenceFilesWithItsDefault() throws IOException {
        Map<String, Object> documented = new TreeMap<>();
        Matcher rows = ROW.matcher(Files.readString(PAGE));
        while (rows.find()) {
            Object value = ConfigFactory.parseString("value = " + rows.group(3))
                    .getValue("value")
                    .unwrapped();
            assertThat(documented.put(rows.group(1), value))
                    .as("listed twice: %s", rows.group(1))
                    .isNull();
        }
        // Merges the files of all modules.
        Config reference = ConfigFactory.parseResources("reference.conf").withOnlyPath("rotunda");
        Map<String, Object> existing = new TreeMap<>();
        reference
                .resolve()
                .entrySet()
                .forEach(entry -> existing.put(entry.getKey(), entry.getValue().unwrapped()));

        assertThat(existing)
                // Each of these keys is from a different module.
                .containsKeys("rotunda.accounts", "rotunda.db.url", "rotunda.node.roles");
        assertThat(documented).containsExactlyEntriesOf(existing);
    }

    @Test
    void listsTheAllowedValuesOfEveryKey() throws IOException {
        Map<String, String> documented = new TreeMap<>();
        Matcher rows = ROW.matcher(Files.readString(PAGE));
        while (rows.find()) {
            documented.put(rows.group(1), rows.group(2));
        }
        Map<String, String> allowed = new TreeMap<>();
        KnownKeys.KINDS.forEach((key, kind) -> allowed.put(key, kind.allowed()));

        assertThat(documented).containsExactlyEntriesOf(allowed);
    }

    @Test
    void givesAnExampleThatANodeTakes(@TempDir Path directory) throws IOException {
        Matcher example = EXAMPLE.matcher(Files.readString(PAGE));
        assertThat(example.find()).isTrue();
        Path file = Files.writeString(directory.resolve("production.conf"), example.group(1));

        Config config = NodeConfiguration.file(file, Map.of());
        NodeSettings settings = NodeSettings.from(config.getConfig("rotunda"));

        assertThat(settings.media().advertise()).hasSize(settings.media().loops());
        assertThat(GatewaySettings.from(config).accounts().anyKey()).isPresent();
    }
}
