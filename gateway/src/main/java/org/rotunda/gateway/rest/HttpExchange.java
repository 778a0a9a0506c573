package org.rotunda.gateway.rest;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.rotunda.room.protocol.AccountSid;

/**
 * The facts about one HTTP request that its line in the access log and its metrics need. The thread that takes the
 * request writes them before there is an answer; they are read once the answer exists.
 */
public final class HttpExchange {
    /** The route under which requests without a route are counted. */
    public static final String NO_ROUTE = "none";

    private final String requestId;
    private final String remote;
    private final Instant receivedAt;
    private String route = NO_ROUTE;
    private @Nullable AccountSid account;

    /**
     * @param requestId {@code RQ} and 32 hex digits; the answer carries it in the header {@code Twilio-Request-Id}
     * @param remote the client's address, empty if it is not known
     */
    public HttpExchange(String requestId, String remote, Instant receivedAt) {
        this.requestId = requestId;
        this.remote = remote;
        this.receivedAt = receivedAt;
    }

    public String requestId() {
        return requestId;
    }

    public String remote() {
        return remote;
    }

    public Instant receivedAt() {
        return receivedAt;
    }

    /** Returns the pattern of the path. There are few patterns, whatever paths clients request. */
    public String route() {
        return route;
    }

    public void route(String pattern) {
        route = pattern;
    }

    /** Returns the account of the request's credentials, or null before they are found to be right. */
    public @Nullable AccountSid account() {
        return account;
    }

    void account(AccountSid authenticated) {
        account = authenticated;
    }
}
