package org.rotunda.gateway;

import com.typesafe.config.Config;
import org.rotunda.gateway.auth.Accounts;
import org.rotunda.gateway.connection.SessionSettings;
import org.rotunda.gateway.http.HttpSettings;
import org.rotunda.gateway.rest.RestSettings;

/** All settings of a gateway, read and checked once. */
public record GatewaySettings(HttpSettings http, RestSettings rest, SessionSettings sessions, Accounts accounts) {

    /** Reads the whole configuration of the node. */
    public static GatewaySettings from(Config root) {
        return new GatewaySettings(
                HttpSettings.from(root),
                RestSettings.from(root),
                SessionSettings.from(root),
                Accounts.from(root.getConfigList("rotunda.accounts")));
    }
}
