package org.rotunda.media.srtp;

/** Which side of the DTLS association someone is. The router is always the server; its test peers are clients. */
public enum SrtpRole {
    CLIENT,
    SERVER;

    public SrtpRole opposite() {
        return this == CLIENT ? SERVER : CLIENT;
    }
}
