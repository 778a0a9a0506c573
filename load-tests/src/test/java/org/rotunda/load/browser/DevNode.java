package org.rotunda.load.browser;

import java.nio.file.Path;
import java.util.Map;
import org.rotunda.node.RotundaNode;
import org.rotunda.node.config.NodeConfiguration;

/** A node as {@code rotunda dev} starts it. Every setting that concerns media is as a user has it, except for the ports. */
final class DevNode {
    private DevNode() {}

    /**
     * Starts a node on free ports.
     *
     * @param data the directory of its database
     */
    static RotundaNode start(Path data) {
        return RotundaNode.start(NodeConfiguration.dev(Map.of(
                "rotunda.http.port",
                "0",
                "rotunda.media.port",
                "0",
                "rotunda.management.port",
                "0",
                "rotunda.db.url",
                "\"jdbc:h2:file:" + data.resolve("rotunda") + "\"")));
    }
}
