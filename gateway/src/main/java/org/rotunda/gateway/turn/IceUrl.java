package org.rotunda.gateway.turn;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The URL of a STUN or TURN server (RFC 7064, RFC 7065), in a form that browsers take. One URL that a browser does not
 * take makes the whole connect of a client fail.
 *
 * @param isTurn true for a TURN server, which lets nobody in without credentials
 */
public record IceUrl(String text, boolean isTurn) {
    /** The allowed values in words, for messages and for the documentation. */
    public static final String ALLOWED = "stun:, stuns:, turn: or turns: URL";

    private static final int PORT_MAX = 65_535;

    private static final Pattern FORM = Pattern.compile(
            "(?<scheme>stuns?|turns?):(?<host>[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|\\[[0-9A-Fa-f:.]+\\])"
                    + "(?::(?<port>[0-9]{1,5}))?(?<transport>\\?transport=(?:udp|tcp))?");

    /** Reads a URL. Returns nothing if browsers would not take the text. */
    public static Optional<IceUrl> parse(String text) {
        Matcher parts = FORM.matcher(text);
        if (!parts.matches()) {
            return Optional.empty();
        }
        boolean isTurn = parts.group("scheme").startsWith("turn");
        String port = parts.group("port");
        boolean portIsValid = port == null || (Integer.parseInt(port) >= 1 && Integer.parseInt(port) <= PORT_MAX);
        boolean transportIsAllowed = isTurn || parts.group("transport") == null;
        return portIsValid && transportIsAllowed ? Optional.of(new IceUrl(text, isTurn)) : Optional.empty();
    }

    /**
     * Reads a URL.
     *
     * @param key the key that has the URL, for the message
     * @throws IllegalArgumentException if browsers would not take the text
     */
    public static IceUrl require(String key, String text) {
        return parse(text)
                .orElseThrow(() -> new IllegalArgumentException(key + " must be a " + ALLOWED + ", such as"
                        + " turn:turn.example.com:3478?transport=udp, not: " + text));
    }

    @Override
    public String toString() {
        return text;
    }
}
