package org.rotunda.gateway.tls;

import java.io.Serial;

/** The reason why a certificate and its key cannot be used. The message is for people, and has nothing of the key. */
public final class UnusableCertificateException extends Exception {
    @Serial
    private static final long serialVersionUID = 1L;

    UnusableCertificateException(String message) {
        super(message);
    }

    UnusableCertificateException(String message, Throwable cause) {
        super(message, cause);
    }
}
