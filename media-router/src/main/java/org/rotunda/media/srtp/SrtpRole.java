package org.rotunda.media.srtp;

/** The two sides of a DTLS association. The router is always the server. Simulated peers are clients. */
public enum SrtpRole {
    CLIENT,
    SERVER;

    public SrtpRole opposite() {
        return this == CLIENT ? SERVER : CLIENT;
    }
}
