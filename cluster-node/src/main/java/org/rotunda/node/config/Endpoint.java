package org.rotunda.node.config;

import com.typesafe.config.Config;

/** A host and a TCP port. Port 0 stands for any free port. */
public record Endpoint(String host, int port) {
    static final int PORT_MAX = 65_535;

    public Endpoint {
        if (host.isBlank()) {
            throw new IllegalArgumentException("a host is missing");
        }
        if (port < 0 || port > PORT_MAX) {
            throw new IllegalArgumentException("a port is 0 to " + PORT_MAX + ", not " + port);
        }
    }

    static Endpoint from(Config config) {
        return new Endpoint(config.getString("host"), config.getInt("port"));
    }

    @Override
    public String toString() {
        return host + ":" + port;
    }

    /** Reads {@code host:port}. */
    static Endpoint parse(String text) {
        int colon = text.lastIndexOf(':');
        if (colon < 1 || !text.substring(colon + 1).matches("\\d{1,5}")) {
            throw new IllegalArgumentException("not host:port: " + text);
        }
        return new Endpoint(text.substring(0, colon), Integer.parseInt(text.substring(colon + 1)));
    }
}
