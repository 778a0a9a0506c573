package org.rotunda.node.config;

/**
 * A port that a node listens on.
 *
 * @param key the key of the port
 * @param hostKey the key of the address
 * @param udp true for a UDP port, false for a TCP port
 * @param endpoint the address and port on this machine; port 0 stands for any free port
 */
public record ListeningPort(String key, String hostKey, boolean udp, Endpoint endpoint) {
    static ListeningPort tcp(String key, String hostKey, Endpoint endpoint) {
        return new ListeningPort(key, hostKey, false, endpoint);
    }

    static ListeningPort udp(String key, String hostKey, Endpoint endpoint) {
        return new ListeningPort(key, hostKey, true, endpoint);
    }
}
