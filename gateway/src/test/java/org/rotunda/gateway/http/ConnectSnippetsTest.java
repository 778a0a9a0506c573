package org.rotunda.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Tests that every call of the SDK's {@code connect} in the documentation, the demo page and the test pages says
 * {@code insights: false} or names a socket for insights. Without either option the SDK sends the user's access token to
 * its vendor's host.
 */
class ConnectSnippetsTest {
    private static final Path TOP = Path.of("..");
    private static final List<Path> FOLDERS = List.of(
            TOP.resolve("docs"),
            TOP.resolve("gateway/src/main/frontend/src"),
            TOP.resolve("load-tests/src"),
            TOP.resolve("load-tests/gatling/src"));

    /**
     * The pattern of a call of the SDK's connect. It requires the token as first argument, so that {@code connect()} in
     * a sentence does not match.
     */
    private static final Pattern CALL =
            Pattern.compile("\\bVideo\\.connect\\(|(?<![.\\w])connect\\((?=\\s*\\w*[tT]oken)");

    private static final Pattern INSIGHTS_KEPT = Pattern.compile("\\binsights:\\s*false\\b|\\bwsServerInsights:");

    @Test
    void everyCallOfConnectKeepsInsightsFromTheVendor() throws IOException {
        TreeMap<String, String> calls = new TreeMap<>();
        for (Path file : files()) {
            List<String> found = callsIn(Files.readString(file));
            for (int i = 0; i < found.size(); i++) {
                calls.put(TOP.relativize(file) + " #" + (i + 1), found.get(i));
            }
        }

        assertThat(calls.keySet())
                .contains(
                        "README.md #1",
                        "docs/limits.md #1",
                        "docs/migration.md #1",
                        "gateway/src/main/frontend/src/page.js #1",
                        "load-tests/src/test/resources/browser/call.js #1");
        assertThat(calls).allSatisfy((where, call) -> assertThat(call).containsPattern(INSIGHTS_KEPT));
    }

    @Test
    void findsACallWithoutTheOption() {
        List<String> calls =
                callsIn("await Video.connect(token, { name: f('x') }); connect(token); connect() fails; a.connect(b)");

        assertThat(calls).containsExactly("(token, { name: f('x') })", "(token)");
        assertThat(calls).noneMatch(call -> INSIGHTS_KEPT.matcher(call).find());
        assertThat(callsIn("Twilio.Video.connect(token, {\n insights: false })"))
                .singleElement()
                .satisfies(call -> assertThat(call).containsPattern(INSIGHTS_KEPT));
    }

    private static List<Path> files() throws IOException {
        List<Path> files = new ArrayList<>(List.of(TOP.resolve("README.md")));
        for (Path folder : FOLDERS) {
            try (Stream<Path> all = Files.walk(folder)) {
                all.filter(file -> file.toString().matches(".*\\.(md|html|js|mjs)"))
                        .forEach(files::add);
            }
        }
        return files;
    }

    /** Returns the argument lists of all calls, with their parentheses. */
    private static List<String> callsIn(String text) {
        List<String> calls = new ArrayList<>();
        Matcher matcher = CALL.matcher(text);
        while (matcher.find()) {
            int open = text.indexOf('(', matcher.start());
            int depth = 0;
            int end = open;
            do {
                depth += text.charAt(end) == '(' ? 1 : text.charAt(end) == ')' ? -1 : 0;
                end++;
            } while (depth > 0 && end < text.length());
            calls.add(text.substring(open, end));
        }
        return calls;
    }
}
