package org.rotunda.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rotunda.gateway.testkit.TestCertificates;
import org.rotunda.gateway.testkit.TestCertificates.Issued;
import org.rotunda.node.config.NodeConfiguration;

/** Tests a node with a certificate: its start, its metrics, and what the command {@code check} says about the files. */
class NodeTlsTest {
    private static final TestCertificates AUTHORITY = new TestCertificates();

    private final Path directory;
    private final Path certificate;
    private final Path key;
    private final Issued issued = AUTHORITY.issue("EC", "127.0.0.1");

    NodeTlsTest(@TempDir Path directory) {
        this.directory = directory;
        certificate = directory.resolve("tls.crt");
        key = directory.resolve("tls.key");
        issued.write(certificate, key);
    }

    private static String get(HttpClient client, String url) throws IOException, InterruptedException {
        return client.send(HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofString())
                .body();
    }

    @Test
    void servesHttpsAndItsMetrics() throws Exception {
        try (RotundaNode node = RotundaNode.start(NodeConfiguration.dev(Map.of(
                "rotunda.http.port", "0",
                "rotunda.http.tls.port", "0",
                "rotunda.http.tls.certificate", "\"" + certificate + "\"",
                "rotunda.http.tls.key", "\"" + key + "\"",
                "rotunda.management.port", "0",
                "rotunda.media.bind", "127.0.0.1",
                "rotunda.media.port", "0",
                "rotunda.media.loops", "1",
                "rotunda.db.url", "\"jdbc:h2:mem:node-tls;DB_CLOSE_DELAY=-1\"")))) {
            HttpClient client = HttpClient.newBuilder()
                    .sslContext(AUTHORITY.clientContext())
                    .build();

            assertThat(node.httpUrl()).startsWith("https://127.0.0.1:");
            assertThat(get(client, node.httpUrl() + "/openapi.yaml")).contains("openapi: 3");
            String metrics = get(client, node.managementUrl() + "/metrics");
            assertThat(metrics)
                    .contains("rotunda_tls_reloads_total 0.0", "rotunda_tls_reload_failures_total 0.0")
                    .containsPattern("(?m)^rotunda_tls_certificate_not_after_seconds [1-9]");
        }
    }

    @Test
    void checkReportsACertificateThatCannotBeUsed() throws IOException {
        Path file = Files.writeString(directory.resolve("node.conf"), """
            rotunda {
              cluster.port = 0
              management.port = 0
              media.port = 0
              http { port = 0, tls { certificate = "%s", key = "%s", port = 0 } }
            }
            """.formatted(certificate, key));

        assertThat(check("-c", file.toString())).startsWith("0 ok: ").contains(", http 0.0.0.0:0, https 0.0.0.0:0, ");

        TestCertificates.replace(key, "no key");
        assertThat(check("-c", file.toString()))
                .isEqualTo("78 rotunda: rotunda.http.tls.key: " + key + " has no private key (BEGIN PRIVATE KEY)");
        assertThat(check("-c", file.toString(), "--no-ports")).startsWith("0 ok: ");
    }

    /** Runs the command and returns its exit code with everything that it has printed. */
    private static String check(String... options) {
        String[] arguments = new String[options.length + 1];
        arguments[0] = "check";
        System.arraycopy(options, 0, arguments, 1, options.length);
        PrintStream out = System.out;
        PrintStream err = System.err;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        PrintStream all = new PrintStream(printed, true, StandardCharsets.UTF_8);
        System.setOut(all);
        System.setErr(all);
        try {
            int code = Main.commandLine().execute(arguments);
            return code + " " + printed.toString(StandardCharsets.UTF_8).strip();
        } finally {
            System.setOut(out);
            System.setErr(err);
        }
    }
}
