package org.rotunda.media.dtls;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Objects;

/** The datagrams that Chromium 156 sent when it connected to an ICE-lite server. */
final class ClientHellos {
    private ClientHellos() {}

    /**
     * Returns one of four datagrams. The first two carry the ClientHello, and the others carry it again with new record
     * numbers.
     */
    static byte[] chromium(int number) throws IOException {
        try (InputStream in = Objects.requireNonNull(
                ClientHellos.class.getResourceAsStream("chromium156-clienthello-" + number + ".hex"))) {
            String hex = new String(in.readAllBytes(), StandardCharsets.US_ASCII);
            return HexFormat.of().parseHex(hex.replaceAll("\\s", ""));
        }
    }
}
