package org.rotunda.media.sctp;

/** Serial number arithmetic of TSNs (32 bits) and of RFC 6525 request numbers (RFC 9260 §1.6, RFC 1982). */
final class Serial {
    private Serial() {}

    static boolean isBefore(int a, int b) {
        return a - b < 0;
    }

    static int later(int a, int b) {
        return isBefore(a, b) ? b : a;
    }
}
