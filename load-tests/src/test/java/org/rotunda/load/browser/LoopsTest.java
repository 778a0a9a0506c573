package org.rotunda.load.browser;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.rotunda.node.RotundaNode;
import org.rotunda.node.config.NodeConfiguration;

/** Tests three clients with the stock SDK whose room is on two event loops of a node. */
@Tag("browser")
@ExtendWith(ChromiumExtension.class)
class LoopsTest {
    private static final int FRAMES_PER_SECOND_MIN = 8;

    @Test
    void everybodySeesHearsAndReadsEverybodyAcrossLoops(Chromium chromium) throws IOException {
        Path data = Files.createTempDirectory("rotunda-loops-test");
        // The second client goes to another loop than the first.
        Map<String, String> settings = Map.of(
                "rotunda.http.port",
                "0",
                "rotunda.media.bind",
                "127.0.0.1",
                "rotunda.media.port",
                "0",
                "rotunda.media.loops",
                "2",
                "rotunda.media.loop-share",
                "1",
                "rotunda.management.port",
                "0",
                "rotunda.db.url",
                "\"jdbc:h2:file:" + data.resolve("rotunda") + "\"");
        try (RotundaNode node = RotundaNode.start(NodeConfiguration.dev(settings));
                Pages pages = new Pages(chromium)) {
            String signaling = node.httpUrl().replaceFirst("^http", "ws") + "/signaling";
            List<CallPage> all = List.of(
                    pages.page("alice", signaling), pages.page("bob", signaling), pages.page("carol", signaling));
            GroupCall call = GroupCall.join(
                    all,
                    "loops",
                    640,
                    360,
                    15,
                    Map.of("preferredVideoCodecs", List.of(Map.of("codec", "VP8", "simulcast", true))));
            call.awaitFlowing();
            call.assertEverybodySeesHearsAndReadsEverybody(FRAMES_PER_SECOND_MIN);

            List<String> ports =
                    all.stream().map(SelectedPairs::port).distinct().toList();
            assertThat(ports).as("the ports of the loops").hasSize(2);
        }
    }
}
