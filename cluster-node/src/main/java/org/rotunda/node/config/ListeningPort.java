package org.rotunda.node.config;

/**
 * A port that a node listens on.
 *
 * @param key that the port comes from
 * @param hostKey that the address comes from
 * @param udp whether it is a UDP port; a TCP port otherwise
 * @param endpoint of this machine; port 0 stands for any free one
 */
public record ListeningPort(String key, String hostKey, boolean udp, Endpoint endpoint) {
    static ListeningPort tcp(String key, String hostKey, Endpoint endpoint) {
        return new ListeningPort(key, hostKey, false, endpoint);
    }

    static ListeningPort udp(String key, String hostKey, Endpoint endpoint) {
        return new ListeningPort(key, hostKey, true, endpoint);
    }
}
