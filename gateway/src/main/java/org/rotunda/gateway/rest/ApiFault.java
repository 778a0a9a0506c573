package org.rotunda.gateway.rest;

import java.io.Serial;
import java.time.Duration;
import java.util.List;

/** A fault of a request. The answer is an error body. The exception is expected, so it has no stack trace. */
public final class ApiFault extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    /** The longest time in seconds for which a caller is told to wait. Helper libraries sleep for this time. */
    static final int RETRY_AFTER_MAX = 10;

    private final int status;
    private final int code;
    private final String allowed;
    private final int retryAfter;

    private ApiFault(int status, int code, String message) {
        this(status, code, message, List.of(), 0);
    }

    private ApiFault(int status, int code, String message, List<String> allowed, int retryAfter) {
        super(message, null, false, false);
        this.status = status;
        this.code = code;
        this.allowed = String.join(", ", allowed);
        this.retryAfter = retryAfter;
    }

    /** Returns the HTTP status. */
    public int status() {
        return status;
    }

    /** Returns the public error code. */
    public int code() {
        return code;
    }

    /** Returns the text for the caller. */
    public String message() {
        return String.valueOf(getMessage());
    }

    /** Returns the value of the header Allow; empty if the answer has no such header. */
    public String allowed() {
        return allowed;
    }

    /** Returns the value of the header Retry-After in seconds; 0 if the answer has no such header. */
    public int retryAfter() {
        return retryAfter;
    }

    public static ApiFault of(int status, int code, String message) {
        return new ApiFault(status, code, message);
    }

    static ApiFault badRequest(int code, String message) {
        return new ApiFault(400, code, message);
    }

    public static ApiFault invalid(String parameter) {
        return badRequest(20001, "Invalid parameter " + parameter);
    }

    /** Returns the fault for a parameter of the public API that this version does not support. */
    static ApiFault notAvailableParameter(String parameter) {
        return badRequest(20001, "Parameter " + parameter + " is not available in this version");
    }

    static ApiFault missing(String parameter) {
        return badRequest(20001, "Missing required parameter " + parameter + " in the post body");
    }

    static ApiFault unauthenticated() {
        return new ApiFault(401, 20003, "Authenticate");
    }

    /** Returns the fault for credentials that do not open the resource. */
    static ApiFault accessDenied() {
        return new ApiFault(403, 20006, "Access Denied");
    }

    /** Returns the fault for the credentials of a suspended or closed account. */
    static ApiFault accountNotActive() {
        return new ApiFault(403, 20005, "Account not active");
    }

    static ApiFault conflict(String message) {
        return new ApiFault(409, 20409, message);
    }

    /**
     * Returns the fault for a resource that does not exist.
     *
     * @param path the path without the version prefix
     */
    public static ApiFault notFound(String path) {
        return new ApiFault(404, 20404, "The requested resource " + path + " was not found");
    }

    /**
     * Returns the fault for a resource of the public API that this version does not have. The status is 404 and not
     * 501, because Twilio's helper libraries retry every 5xx.
     *
     * @param path the path without the version prefix
     */
    static ApiFault notAvailable(String path) {
        return new ApiFault(404, 20404, "The requested resource " + path + " is not available in this version");
    }

    /**
     * Returns the fault for an operation of the public API that this version does not have, on a resource that can be
     * read. The status is the one of {@link #notAvailable}.
     *
     * @param path the path without the version prefix
     */
    static ApiFault notAvailableOperation(String path) {
        return new ApiFault(404, 20404, "Creating or changing " + path + " is not available in this version");
    }

    /** @param allowed the methods that the resource has; the answer names them in its header Allow */
    public static ApiFault methodNotAllowed(List<String> allowed) {
        return new ApiFault(405, 20004, "Method not allowed", allowed, 0);
    }

    static ApiFault tooLarge() {
        return new ApiFault(413, 20413, "Request Entity Too Large");
    }

    /**
     * Returns the fault for a request beyond a rate. The request has changed nothing.
     *
     * @param wait the time after which the caller may try again; the answer says it in whole seconds, at most
     *     {@value #RETRY_AFTER_MAX}
     */
    static ApiFault tooManyRequests(Duration wait) {
        long seconds = wait.plusMillis(999).toSeconds();
        return new ApiFault(
                429, 20429, "Too Many Requests", List.of(), (int) Math.min(Math.max(seconds, 1), RETRY_AFTER_MAX));
    }

    public static ApiFault internal() {
        return new ApiFault(500, 20500, "Internal Server Error");
    }

    public static ApiFault unavailable() {
        return new ApiFault(503, 20503, "Service unavailable", List.of(), 1);
    }
}
