package org.rotunda.gateway.http;

import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.rotunda.gateway.auth.AccessTokenMint;
import org.rotunda.gateway.auth.Accounts;
import org.rotunda.gateway.auth.NameFault;
import org.rotunda.gateway.rest.ApiFault;
import org.rotunda.gateway.rest.Forms;
import org.rotunda.gateway.rest.Json;
import org.rotunda.gateway.rest.Parameters;
import org.rotunda.gateway.rest.Responses;

/**
 * Gives access tokens to every caller, for development only. {@code GET /dev/token?identity=…&room=…} is answered with
 * {@code {"token", "identity", "room"}}. At least one account must have a key. Pages from other machines must not be
 * able to read the answer. Otherwise every page that a developer visits could get a token.
 */
final class DevTokens {
    private static final Duration LIFE = Duration.ofHours(4);
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

    private final Accounts accounts;
    private final Clock clock;

    DevTokens(Accounts accounts, Clock clock) {
        this.accounts = accounts;
        this.clock = clock;
    }

    /** Returns the CORS headers of an answer. They allow only pages from this machine, on any port. */
    static List<HttpHeader> cors(HttpRequest request) {
        HttpHeader vary = RawHeader.create("Vary", "Origin");
        return request.getHeader("Origin")
                .map(HttpHeader::value)
                .filter(DevTokens::isLoopback)
                .map(origin -> List.<HttpHeader>of(vary, RawHeader.create("Access-Control-Allow-Origin", origin)))
                .orElse(List.of(vary));
    }

    private static boolean isLoopback(String origin) {
        try {
            String host = URI.create(origin).getHost();
            return host != null && LOOPBACK.contains(host);
        } catch (IllegalArgumentException e) {
            return false; // The header Origin is not a valid URL.
        }
    }

    HttpResponse handle(HttpRequest request) {
        Parameters query = Forms.query(request);
        String identity = query.text("identity");
        if (identity == null || NameFault.of(identity) != null) {
            throw ApiFault.invalid("identity");
        }
        String room = query.text("room");
        String token = AccessTokenMint.mint(
                accounts.anyKey().orElseThrow(() -> ApiFault.notFound("/dev/token")),
                identity,
                room,
                clock.instant(),
                LIFE);
        return Responses.json(
                200,
                Json.write(Json.object()
                        .put("token", token)
                        .put("identity", identity)
                        .put("room", room)));
    }
}
