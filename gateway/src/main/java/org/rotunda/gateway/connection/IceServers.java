package org.rotunda.gateway.connection;

import com.typesafe.config.Config;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.rotunda.gateway.auth.Secret;
import org.rotunda.gateway.signal.ServerMessage.IceServer;
import org.rotunda.gateway.turn.IceUrl;
import org.rotunda.gateway.turn.TurnCredentials;
import org.rotunda.gateway.turn.TurnSettings;
import org.rotunda.room.protocol.AccountSid;

/**
 * The STUN and TURN servers that clients are told: those of {@code rotunda.signaling.ice-servers}, which are the same
 * for all clients, and those of {@code rotunda.turn}, for which each client gets credentials of its own. Immutable.
 */
public final class IceServers {
    private static final String KEY = "rotunda.signaling.ice-servers";

    private final List<IceServer> fixed;
    private final TurnSettings turn;

    IceServers(List<IceServer> fixed, TurnSettings turn) {
        this.fixed = List.copyOf(fixed);
        this.turn = turn;
    }

    /**
     * Reads the servers from the whole configuration of the node.
     *
     * @throws IllegalArgumentException if browsers would refuse one of the servers, and so the whole connect
     */
    static IceServers from(Config root) {
        List<IceServer> fixed = new ArrayList<>();
        for (Config server : root.getConfigList(KEY)) {
            fixed.add(fixed(KEY + "[" + fixed.size() + "]", server));
        }
        return new IceServers(fixed, TurnSettings.from(root));
    }

    private static IceServer fixed(String key, Config server) {
        List<String> urls = server.getStringList("urls");
        if (urls.isEmpty()) {
            throw new IllegalArgumentException(key + ".urls must not be empty");
        }
        String username = server.hasPath("username") ? server.getString("username") : "";
        String credential = server.hasPath("credential") ? server.getString("credential") : "";
        boolean hasTurn = false;
        for (String url : urls) {
            hasTurn |= IceUrl.require(key + ".urls", url).isTurn();
        }
        if (hasTurn && (username.isEmpty() || credential.isEmpty())) {
            throw new IllegalArgumentException(
                    key + " names a TURN server, and so needs a username and a credential: no client could connect");
        }
        return new IceServer(urls, username.isEmpty() ? null : username, credential.isEmpty() ? null : credential);
    }

    /** Returns the servers for one client, with credentials that are valid from now on. */
    List<IceServer> forClient(AccountSid account, String identity, Instant now) {
        List<IceServer> servers = new ArrayList<>(fixed);
        List<String> stun = urls(false);
        if (!stun.isEmpty()) {
            servers.add(new IceServer(stun, null, null));
        }
        Secret secret = turn.secret();
        List<String> relays = urls(true);
        if (secret != null && !relays.isEmpty()) {
            TurnCredentials credentials =
                    TurnCredentials.issue(secret, TurnCredentials.user(secret, account, identity), now, turn.ttl());
            servers.add(new IceServer(relays, credentials.username(), credentials.password()));
        }
        return servers;
    }

    private List<String> urls(boolean isTurn) {
        return turn.urls().stream()
                .filter(url -> url.isTurn() == isTurn)
                .map(IceUrl::text)
                .toList();
    }
}
