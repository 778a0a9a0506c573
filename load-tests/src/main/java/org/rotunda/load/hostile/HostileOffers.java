package org.rotunda.load.hostile;

import org.rotunda.media.sdp.SdpParser;

/**
 * Makes large offers with video lines. A {@link HostileParticipant} sends them. Consecutive offers have different
 * SSRCs, so the router must replace all streams of the offer before.
 */
public final class HostileOffers {
    /** The largest number of m-lines that a router takes. */
    public static final int LINES_MAX = SdpParser.M_LINES_MAX;

    private static final int ENCODINGS = 3;

    /** The inverse of 0x9E3779B1 modulo 2^32. The hash of an earlier router multiplied each SSRC by 0x9E3779B1. */
    private static final int INVERSE = 0x0E8B2F51;

    private HostileOffers() {}

    /**
     * Returns the largest offer: {@link #LINES_MAX} video lines with three encodings and RTX. An earlier router had a
     * table that hashed SSRCs without a secret. All SSRCs of this offer share one slot of that table, and two of these
     * offers held an event loop of that router for 10 to 20 s.
     */
    public static String colliding(int number) {
        StringBuilder sdp = session(LINES_MAX);
        for (int line = 0; line < LINES_MAX; line++) {
            int first = (number % 2 * LINES_MAX + line) * 2 * ENCODINGS;
            beginLine(sdp, line).append("\r\na=ssrc-group:SIM");
            for (int encoding = 0; encoding < ENCODINGS; encoding++) {
                sdp.append(' ').append(colliding(first, encoding));
            }
            for (int encoding = 0; encoding < ENCODINGS; encoding++) {
                sdp.append("\r\na=ssrc-group:FID ").append(colliding(first, encoding));
                sdp.append(' ').append(colliding(first, ENCODINGS + encoding));
            }
            sdp.append("\r\n");
        }
        return sdp.toString();
    }

    /**
     * Returns an offer with this number of lines, each with a track of one stream. With {@link #LINES_MAX} lines it has
     * about 178,000 characters. One such offer took 48 MiB of the heap of an earlier router.
     */
    public static String wide(int lines, int number) {
        StringBuilder sdp = session(lines);
        for (int line = 0; line < lines; line++) {
            int ssrc = 1 + number * lines + line;
            beginLine(sdp, line).append("\r\na=ssrc:").append(ssrc).append(" cname:wide\r\n");
        }
        return sdp.toString();
    }

    private static StringBuilder session(int lines) {
        StringBuilder sdp = new StringBuilder(400_000);
        sdp.append("v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=group:BUNDLE");
        for (int line = 0; line < lines; line++) {
            sdp.append(' ').append(line);
        }
        return sdp.append("\r\n");
    }

    private static StringBuilder beginLine(StringBuilder sdp, int line) {
        sdp.append("m=video 9 UDP/TLS/RTP/SAVPF 96 97\r\na=mid:").append(line);
        sdp.append("\r\na=ice-ufrag:ufrag\r\na=ice-pwd:a-password-of-24-letters\r\na=setup:actpass\r\n");
        sdp.append("a=fingerprint:sha-256 ").append("AA:".repeat(31)).append("AA\r\n");
        sdp.append("a=rtpmap:96 VP8/90000\r\na=rtpmap:97 rtx/90000\r\na=fmtp:97 apt=96\r\n");
        return sdp.append("a=msid:- track-").append(line);
    }

    /**
     * Returns an SSRC of a list of colliding SSRCs. In the product of each SSRC with 0x9E3779B1, the bits 7 to 21 are
     * 0.
     */
    private static String colliding(int first, int offset) {
        int number = first + offset;
        int product = (number & 0x7F) | (number >>> 7) << 22;
        return Integer.toUnsignedString(product * INVERSE);
    }
}
