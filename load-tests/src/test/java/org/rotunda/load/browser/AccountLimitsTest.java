package org.rotunda.load.browser;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.rotunda.load.client.Tokens;
import org.rotunda.node.RotundaNode;
import org.rotunda.node.config.NodeConfiguration;

/** Tests what the stock SDK makes of an account that is at its limits. */
@Tag("browser")
@ExtendWith(ChromiumExtension.class)
class AccountLimitsTest {
    private static final int CLIENTS = 4;

    /** Starts a node on which the account has low limits. */
    private static RotundaNode start(Path data) {
        return RotundaNode.start(NodeConfiguration.dev(Map.of(
                "rotunda.http.port",
                "0",
                "rotunda.media.bind",
                "127.0.0.1",
                "rotunda.media.port",
                "0",
                "rotunda.management.port",
                "0",
                "rotunda.limits.concurrent-participants",
                Integer.toString(CLIENTS),
                "rotunda.limits.connects-per-second",
                "1",
                "rotunda.db.url",
                "\"jdbc:h2:file:" + data.resolve("rotunda") + "\"")));
    }

    @Test
    void clientsThatComeTooFastComeInLaterAndOneTooManyHearsTheError(@TempDir Path data, Chromium chromium)
            throws IOException {
        try (RotundaNode node = start(data);
                Pages pages = new Pages(chromium)) {
            String url = node.httpUrl().replaceFirst("^http", "ws") + "/signaling";
            List<CallPage> clients = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                clients.add(pages.page("client-" + i, url));
            }
            clients.forEach(client -> client.startJoin("limits", List.of(), Map.of()));
            clients.forEach(client -> client.awaitJoined(CallPage.PATIENCE));

            CallPage oneTooMany = pages.page("late", url);
            Map<String, Object> outcome = oneTooMany.tryJoin(Tokens.forAnyRoom("late"), "limits", List.of(), Map.of());
            assertThat(CallPage.object(outcome, "error").get("code"))
                    .as("%s", outcome)
                    .isEqualTo(53206);

            clients.get(0).evaluate("() => call.leave()");
            clients.get(1).awaitEvents("participantDisconnected", 1);
            pages.page("later", url).join("limits", List.of(), Map.of());
        }
    }
}
