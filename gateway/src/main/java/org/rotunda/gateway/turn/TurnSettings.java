package org.rotunda.gateway.turn;

import com.typesafe.config.Config;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.rotunda.gateway.auth.Secret;

/**
 * The settings under {@code rotunda.turn} that concern the servers that clients are told. {@code reference.conf}
 * explains each key.
 *
 * @param secret the secret that the TURN servers have too; null if there are only STUN servers, or none
 */
public record TurnSettings(List<IceUrl> urls, @Nullable Secret secret, Duration ttl) {
    private static final String SECTION = "rotunda.turn";

    /** The most URLs. A browser tries all of them, and each one more makes the start of a call slower. */
    public static final int URLS_MAX = 8;

    /** The shortest life of credentials. A client must still be able to use them after a slow connect. */
    public static final Duration TTL_MIN = Duration.ofSeconds(60);

    public TurnSettings {
        urls = List.copyOf(urls);
        if (urls.size() > URLS_MAX) {
            throw new IllegalArgumentException(SECTION + ".urls has " + urls.size() + " entries, but must have at most "
                    + URLS_MAX + ", because clients try all of them");
        }
        if (secret == null && urls.stream().anyMatch(IceUrl::isTurn)) {
            throw new IllegalArgumentException(SECTION + ".secret is empty, but " + SECTION + ".urls names a TURN"
                    + " server: set it to the server's secret (static-auth-secret of coturn)");
        }
        if (ttl.compareTo(TTL_MIN) < 0) {
            throw new IllegalArgumentException(
                    SECTION + ".ttl must be at least " + TTL_MIN.toSeconds() + " s: " + ttl.toSeconds() + " s");
        }
    }

    /** Reads the settings from the whole configuration of the node. */
    public static TurnSettings from(Config root) {
        Config turn = root.getConfig(SECTION);
        List<IceUrl> urls = new ArrayList<>();
        for (String text : turn.getStringList("urls")) {
            urls.add(IceUrl.require(SECTION + ".urls[" + urls.size() + "]", text));
        }
        String secret = turn.getString("secret");
        return new TurnSettings(urls, secret.isEmpty() ? null : Secret.of(secret), turn.getDuration("ttl"));
    }
}
