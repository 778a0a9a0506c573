package org.rotunda.gateway.rest;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.rotunda.room.protocol.AccountSid;

/**
 * The facts about one HTTP request for the access log and the metrics. The thread that receives the request writes the
 * facts. They are read when the answer is complete.
 */
public final class HttpExchange {
    /** The name under which requests without a route are counted. */
    public static final String NO_ROUTE = "none";

    private final String requestId;
    private final RequestOrigin origin;
    private final Instant receivedAt;
    private String route = NO_ROUTE;
    private @Nullable AccountSid account;
    private int concurrent;

    /**
     * Creates the facts of a new request.
     *
     * @param requestId the id that the answer has in the header {@code Twilio-Request-Id}
     * @param origin the place from which the request came
     */
    public HttpExchange(String requestId, RequestOrigin origin, Instant receivedAt) {
        this.requestId = requestId;
        this.origin = origin;
        this.receivedAt = receivedAt;
    }

    public String requestId() {
        return requestId;
    }

    public RequestOrigin origin() {
        return origin;
    }

    /** Returns the client's address; empty if it is not known. */
    public String remote() {
        return origin.remote();
    }

    public Instant receivedAt() {
        return receivedAt;
    }

    /** Returns the pattern of the path. The number of patterns is small, whatever paths clients request. */
    public String route() {
        return route;
    }

    public void route(String pattern) {
        route = pattern;
    }

    /** Returns the account of the caller, or null if the caller is not authenticated. */
    public @Nullable AccountSid account() {
        return account;
    }

    void account(AccountSid authenticated) {
        account = authenticated;
    }

    /**
     * Returns the number of requests of the account that were being answered when this one came, this one included; 0 if
     * the caller is not authenticated.
     */
    public int concurrent() {
        return concurrent;
    }

    void concurrent(int requests) {
        concurrent = requests;
    }
}
