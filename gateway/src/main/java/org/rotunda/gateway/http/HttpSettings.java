package org.rotunda.gateway.http;

import com.typesafe.config.Config;

/** The settings of the HTTP server, under {@code rotunda.http}. {@code reference.conf} explains each key. */
public record HttpSettings(String host, int port, int connectionsMax, boolean devToken, boolean demoPage) {
    public HttpSettings {
        if (port < 0 || port > 65535) {
            throw new IllegalArgumentException("rotunda.http.port must be between 0 and 65535: " + port);
        }
        if (connectionsMax < 1) {
            throw new IllegalArgumentException("rotunda.http.connections-max must be at least 1: " + connectionsMax);
        }
    }

    /** Reads the settings from the whole configuration of the node. */
    public static HttpSettings from(Config root) {
        Config http = root.getConfig("rotunda.http");
        return new HttpSettings(
                http.getString("host"),
                http.getInt("port"),
                http.getInt("connections-max"),
                http.getBoolean("dev-token"),
                http.getBoolean("demo-page"));
    }
}
