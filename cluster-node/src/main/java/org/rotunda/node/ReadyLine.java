package org.rotunda.node;

import com.typesafe.config.Config;

/** What a started program says on standard output, so that nobody has to look anything up. */
final class ReadyLine {
    private ReadyLine() {}

    static String forDev(RotundaNode node, Config config) {
        Config account = config.getConfigList("rotunda.accounts").get(0);
        Config key = account.getConfigList("keys").get(0);
        return String.join(
                System.lineSeparator(),
                "",
                "Rotunda is ready: " + node.httpUrl() + "/",
                "  signaling   " + node.httpUrl().replaceFirst("^http", "ws") + "/signaling  (the SDK's wsServer)",
                "  REST        " + node.httpUrl() + "/v1/Rooms",
                "  account     " + account.getString("sid") + "  auth token  "
                        + account.getStringList("auth-tokens").get(0),
                "  API key     " + key.getString("sid") + "  secret  " + key.getString("secret"),
                "  health      " + node.managementUrl() + "/ready  " + node.managementUrl() + "/metrics",
                "  stop        Ctrl-C",
                "");
    }

    static String forNode(RotundaNode node) {
        String http = node.httpUrl().isEmpty() ? "" : " " + node.httpUrl() + "/";
        return "Rotunda is ready:" + http + " roles " + node.settings().roles() + " health " + node.managementUrl()
                + "/ready";
    }
}
