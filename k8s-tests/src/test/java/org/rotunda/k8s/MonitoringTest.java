package org.rotunda.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.fabric8.kubernetes.api.model.ConfigMap;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Checks alerts and dashboards against the tables of {@code docs/operations.md}, which {@code MetricsDocTest} compares
 * with the metrics of a running node.
 */
class MonitoringTest {
    private static final Path PAGE = Path.of("..", "docs", "operations.md");
    private static final Pattern ROW =
            Pattern.compile("^\\| (`rotunda_[^|]*)\\|([^|]*)\\|([^|]*)\\|$", Pattern.MULTILINE);
    private static final Pattern METRIC = Pattern.compile("rotunda_[a-z_]+");
    private static final Pattern OF_A_HISTOGRAM = Pattern.compile("_(bucket|count|sum)$");

    private final Set<String> documented = new TreeSet<>();
    private final Set<String> alerting = new TreeSet<>();
    private Rendering rendering;

    @BeforeEach
    void read(@TempDir Path folder) throws IOException {
        Matcher rows = ROW.matcher(Files.readString(PAGE));
        while (rows.find()) {
            Matcher names = Pattern.compile("`(rotunda_[a-z_]+)").matcher(rows.group(1));
            while (names.find()) {
                documented.add(names.group(1));
                if (rows.group(3).contains("**alert**")) {
                    alerting.add(names.group(1));
                }
            }
        }
        ManifestFolder copy = ManifestFolder.copyTo(folder);
        copy.overlay("tried", "monitoring");
        rendering = copy.render("tried");
    }

    private List<JsonObject> alerts() {
        List<JsonObject> alerts = new ArrayList<>();
        for (String document : rendering.documents()) {
            JsonObject object = JsonParser.parseString(document).getAsJsonObject();
            if (object.get("kind").getAsString().equals("PrometheusRule")) {
                for (JsonElement group : object.getAsJsonObject("spec").getAsJsonArray("groups")) {
                    group.getAsJsonObject().getAsJsonArray("rules").forEach(rule -> alerts.add(rule.getAsJsonObject()));
                }
            }
        }
        return alerts;
    }

    private static Set<String> metrics(String expression, Set<String> known) {
        Set<String> names = new TreeSet<>();
        Matcher found = METRIC.matcher(expression);
        while (found.find()) {
            String plain = OF_A_HISTOGRAM.matcher(found.group()).replaceAll("");
            names.add(known.contains(plain) ? plain : found.group());
        }
        return names;
    }

    @Test
    void everyAlertNamesMetricsThatNodesHave() {
        assertThat(documented).hasSizeGreaterThan(80);
        for (JsonObject alert : alerts()) {
            assertThat(metrics(alert.get("expr").getAsString(), documented))
                    .as(alert.get("alert").getAsString())
                    .isNotEmpty()
                    .isSubsetOf(documented);
        }
    }

    @Test
    void everyAlertOfTheDocumentationIsThere() {
        Set<String> used = alerts().stream()
                .flatMap(alert -> metrics(alert.get("expr").getAsString(), documented).stream())
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(alerting).hasSizeGreaterThan(25);
        assertThat(used).containsAll(alerting);
    }

    @Test
    void everyAlertSaysWhatItMeansAndWhereToRead() throws IOException {
        Set<String> anchors = Files.readString(PAGE)
                .lines()
                .filter(line -> line.startsWith("#"))
                .map(MonitoringTest::anchor)
                .collect(Collectors.toSet());
        Set<String> names = new TreeSet<>();
        for (JsonObject alert : alerts()) {
            String name = alert.get("alert").getAsString();
            JsonObject annotations = alert.getAsJsonObject("annotations");

            assertThat(names.add(name)).as(name).isTrue();
            assertThat(annotations.get("summary").getAsString()).as(name).isNotBlank();
            assertThat(anchors)
                    .as(name)
                    .contains(annotations.get("runbook_url").getAsString().replace("docs/operations.md#", ""));
        }
    }

    /** Returns the anchor that a heading of a Markdown page has. */
    private static String anchor(String heading) {
        return heading.replaceAll("^#+ ", "")
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^a-z0-9 _-]", "")
                .replace(' ', '-');
    }

    @Test
    void everyDashboardAsksForMetricsThatNodesHave() {
        ConfigMap dashboards =
                rendering.find(ConfigMap.class, "rotunda-dashboards").orElseThrow();

        assertThat(dashboards.getData())
                .containsOnlyKeys("cluster.json", "gateway.json", "room.json", "media.json", "drains.json");
        dashboards.getData().forEach((name, text) -> {
            JsonObject board = JsonParser.parseString(text).getAsJsonObject();
            for (JsonElement panel : board.getAsJsonArray("panels")) {
                for (JsonElement target : panel.getAsJsonObject().getAsJsonArray("targets")) {
                    assertThat(metrics(target.getAsJsonObject().get("expr").getAsString(), documented))
                            .as(name)
                            .isNotEmpty()
                            .isSubsetOf(documented);
                }
            }
        });
    }
}
