package org.rotunda.node.turn;

import com.typesafe.config.Config;
import java.nio.file.Path;

/**
 * The settings under {@code rotunda.turn} that concern the TURN server of a node in dev mode. {@code reference.conf}
 * explains each key.
 *
 * @param isOn true if the node is to start a TURN server, unless it is told other servers
 * @param namesOthers true if clients are told other servers
 * @param port UDP and TCP port; 0 stands for any free port
 */
record DevTurnSettings(boolean isOn, boolean namesOthers, int port, Path directory) {
    /** Reads the settings from the whole configuration of the node. */
    static DevTurnSettings from(Config root) {
        Config turn = root.getConfig("rotunda.turn");
        return new DevTurnSettings(
                turn.getBoolean("dev-server"),
                !turn.getStringList("urls").isEmpty(),
                turn.getInt("dev-port"),
                Path.of(turn.getString("dev-directory")).toAbsolutePath().normalize());
    }
}
