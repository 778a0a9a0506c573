package org.rotunda.node.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.rotunda.node.RotundaNode;
import org.rotunda.node.config.NodeConfiguration;

/** Checks that the tables of {@code docs/operations.md} list exactly the metrics of a node. */
class MetricsDocTest {
    private static final Path PAGE = Path.of("..", "docs", "operations.md");
    private static final Pattern CELL = Pattern.compile("^\\| (`rotunda_[^|]*)\\|", Pattern.MULTILINE);
    private static final Pattern DOCUMENTED = Pattern.compile("`(rotunda_[a-z_]+)");
    private static final Pattern EXPOSED = Pattern.compile("^# TYPE (rotunda_[a-z_]+) ", Pattern.MULTILINE);
    /** The metrics that have no value before the first packet is sent or dropped, or before the first housekeeping. */
    private static final Set<String> NOT_AT_THE_START = Set.of(
            "rotunda_media_drops_total",
            "rotunda_media_sends_total",
            "rotunda_media_tcp_closed_total",
            "rotunda_housekeeping_run_seconds",
            "rotunda_housekeeping_oldest_seconds");

    /** The metrics of a node with TLS, which {@code NodeTlsTest} finds. */
    private static final Set<String> ONLY_WITH_TLS = Set.of(
            "rotunda_tls_certificate_not_after_seconds",
            "rotunda_tls_reloads_total",
            "rotunda_tls_reload_failures_total");

    private static Set<String> names(Pattern pattern, String text) {
        Set<String> names = new TreeSet<>();
        Matcher all = pattern.matcher(text);
        while (all.find()) {
            names.add(all.group(1));
        }
        return names;
    }

    private static String get(String url) throws IOException, InterruptedException {
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofString())
                .body();
    }

    @Test
    void listsEveryMetricOfANodeWithAllRoles() throws IOException, InterruptedException {
        Set<String> exposed;
        try (RotundaNode node = RotundaNode.start(NodeConfiguration.dev(Map.of(
                "rotunda.http.port", "0",
                "rotunda.management.port", "0",
                "rotunda.cluster.port", "0",
                "rotunda.media.port", "0",
                "rotunda.media.loops", "1",
                "rotunda.db.url", "\"jdbc:h2:mem:metrics;DB_CLOSE_DELAY=-1\"")))) {
            get(node.httpUrl() + "/v1/Rooms"); // The metrics of requests have a value only after a request.
            exposed = names(EXPOSED, get(node.managementUrl() + "/metrics"));
        }
        Set<String> documented = names(DOCUMENTED, String.join("\n", names(CELL, Files.readString(PAGE))));

        assertThat(documented).containsAll(exposed);
        documented.removeAll(exposed);
        assertThat(documented).containsAll(ONLY_WITH_TLS);
        documented.removeAll(ONLY_WITH_TLS);
        assertThat(NOT_AT_THE_START).containsAll(documented);
    }
}
