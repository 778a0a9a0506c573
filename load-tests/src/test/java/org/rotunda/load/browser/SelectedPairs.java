package org.rotunda.load.browser;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

/** The candidate pairs that a page sends its media over, by the browser's own statistics. */
final class SelectedPairs {
    /** Returns the protocols of both candidates of each selected pair, such as {@code tcp tcp}. */
    private static final String PROTOCOLS = """
        async () => {
          const found = [];
          for (const connection of call.connections) {
            if (connection.connectionState === 'closed') continue;
            const reports = await connection.getStats();
            reports.forEach(report => {
              if (report.type !== 'transport' || !report.selectedCandidatePairId) return;
              const pair = reports.get(report.selectedCandidatePairId);
              found.push(reports.get(pair.localCandidateId).protocol + ' '
                + reports.get(pair.remoteCandidateId).protocol);
            });
          }
          return found;
        }
        """;

    /** Returns the port of the node in each selected pair. */
    private static final String PORTS = """
        async () => {
          const found = [];
          for (const connection of call.connections) {
            if (connection.connectionState === 'closed') continue;
            const reports = await connection.getStats();
            reports.forEach(report => {
              if (report.type !== 'transport' || !report.selectedCandidatePairId) return;
              const pair = reports.get(report.selectedCandidatePairId);
              found.push(String(reports.get(pair.remoteCandidateId).port));
            });
          }
          return found;
        }
        """;

    private SelectedPairs() {}

    /** Returns the port of the node that the page's only connection uses; each event loop has its own. */
    static String port(CallPage page) {
        List<String> ports = CallPage.castList(page.evaluate(PORTS));
        assertThat(ports).as("the selected pairs of %s", page.identity()).hasSize(1);
        return ports.get(0);
    }

    /** Asserts that the page has one connection, and that it uses this protocol, {@code udp} or {@code tcp}. */
    static void assertProtocol(CallPage page, String protocol) {
        List<String> protocols = CallPage.castList(page.evaluate(PROTOCOLS));
        assertThat(protocols)
                .as("the selected pairs of %s", page.identity())
                .containsExactly(protocol + " " + protocol);
    }
}
