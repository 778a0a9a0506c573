package org.rotunda.gateway.http;

import java.time.Clock;
import java.time.Duration;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.rotunda.gateway.auth.AccessTokenMint;
import org.rotunda.gateway.auth.Accounts;
import org.rotunda.gateway.auth.NameFault;
import org.rotunda.gateway.rest.ApiFault;
import org.rotunda.gateway.rest.Forms;
import org.rotunda.gateway.rest.Json;
import org.rotunda.gateway.rest.Parameters;
import org.rotunda.gateway.rest.Responses;

/**
 * Gives access tokens to everybody, for development only. {@code GET /dev/token?identity=…&room=…} is answered with
 * {@code {"token", "identity", "room"}}. At least one account must have a key.
 */
final class DevTokens {
    private static final Duration LIFE = Duration.ofHours(4);

    private final Accounts accounts;
    private final Clock clock;

    DevTokens(Accounts accounts, Clock clock) {
        this.accounts = accounts;
        this.clock = clock;
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
