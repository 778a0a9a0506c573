package org.rotunda.gateway.http;

import com.typesafe.config.Config;
import java.util.List;
import java.util.Optional;
import org.rotunda.gateway.net.AddressRange;
import org.rotunda.gateway.tls.TlsSettings;

/**
 * The settings of the HTTP server, under {@code rotunda.http}. {@code reference.conf} explains each key.
 *
 * @param trustedProxies the addresses from which {@code X-Forwarded-} headers count
 * @param tls nothing if there is no port with TLS
 */
public record HttpSettings(
        String host,
        int port,
        int connectionsMax,
        boolean devToken,
        boolean demoPage,
        List<AddressRange> trustedProxies,
        Optional<TlsSettings> tls) {
    public HttpSettings {
        trustedProxies = List.copyOf(trustedProxies);
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
                http.getBoolean("demo-page"),
                proxies(http.getStringList("trusted-proxies")),
                TlsSettings.from(http.getConfig("tls")));
    }

    private static List<AddressRange> proxies(List<String> texts) {
        try {
            return texts.stream().map(AddressRange::parse).toList();
        } catch (IllegalArgumentException wrong) {
            throw new IllegalArgumentException("rotunda.http.trusted-proxies: " + wrong.getMessage(), wrong);
        }
    }

    /** Returns whether the port without TLS is open. */
    public boolean hasPlainPort() {
        return tls.isEmpty() || tls.get().plainHttp() != TlsSettings.PlainHttp.OFF;
    }
}
