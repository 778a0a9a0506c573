package org.rotunda.node;

import com.typesafe.config.Config;
import java.util.List;
import java.util.Optional;
import org.rotunda.media.control.MediaSettings;
import org.rotunda.node.turn.DevTurnServer;

/** The lines that tell a person that a node is ready, and where to reach it. */
final class ReadyLine {
    private ReadyLine() {}

    static String forDev(RotundaNode node, DevTurnServer turn, Config config) {
        MediaSettings media = node.settings().media();
        String protocols = media.tcp().enabled() && media.tcp().port().isEmpty() ? "UDP and TCP" : "UDP";
        String ports = media.port() == 0
                ? media.loops() + " free " + protocols + " ports"
                : protocols + " " + media.port()
                        + (media.loops() == 1 ? "" : " to " + (media.port() + media.loops() - 1));
        return String.join(
                System.lineSeparator(),
                "",
                "Rotunda is ready: " + node.httpUrl() + "/  (demo page; Ctrl-C stops)",
                "  signaling   " + node.httpUrl().replaceFirst("^http", "ws") + "/signaling  (the SDK's wsServer)",
                "  REST        " + node.httpUrl() + "/v1/Rooms  " + credentials(config),
                "  API key     " + apiKey(config),
                "  management  " + node.managementUrl() + "/ready  " + node.managementUrl() + "/metrics",
                "  media       " + ports + " on " + media.bind(),
                recording(config),
                "  TURN        " + turn.describe(),
                "");
    }

    private static String recording(Config config) {
        return "  recording   "
                + (config.getBoolean("rotunda.rooms.simulate-recording")
                        ? "only simulated: clients are told that they are recorded, but nothing is recorded"
                        : "refused, because there is no recorder");
    }

    /** Returns the first account of the configuration. */
    private static Optional<? extends Config> account(Config config) {
        return config.getConfigList("rotunda.accounts").stream().findFirst();
    }

    private static String credentials(Config config) {
        return account(config)
                .map(account -> "account " + account.getString("sid") + "  auth token " + first(account, "auth-tokens"))
                .orElse("(no account)");
    }

    private static String first(Config account, String list) {
        List<String> texts = account.hasPath(list) ? account.getStringList(list) : List.of();
        return texts.isEmpty() ? "(none)" : texts.get(0);
    }

    private static String apiKey(Config config) {
        return account(config)
                .filter(account -> account.hasPath("keys"))
                .flatMap(account -> account.getConfigList("keys").stream().findFirst())
                .map(key -> key.getString("sid") + "  secret " + key.getString("secret"))
                .orElse("(none)");
    }

    static String forNode(RotundaNode node) {
        String http = node.httpUrl().isEmpty() ? "" : " " + node.httpUrl() + "/";
        return "Rotunda is ready:" + http + " roles " + node.settings().roles() + " health " + node.managementUrl()
                + "/ready";
    }
}
