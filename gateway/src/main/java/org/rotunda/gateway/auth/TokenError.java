package org.rotunda.gateway.auth;

/** The reasons to refuse an access token, in the order of the checks. Clients are sent the code and the text. */
public enum TokenError {
    INVALID(20101, "Invalid Access Token"),
    HEADER_INVALID(20102, "Invalid Access Token header"),
    ISSUER_INVALID(20103, "Invalid Access Token issuer/subject"),
    SIGNATURE_INVALID(20107, "Invalid Access Token signature"),
    /** The account is suspended or closed. */
    ACCOUNT_NOT_ACTIVE(20005, "Account not active"),
    EXPIRED(20104, "Access Token expired or expiration date invalid"),
    NOT_YET_VALID(20105, "Access Token not yet valid"),
    GRANTS_INVALID(20106, "Invalid Access Token grants"),
    IDENTITY_INVALID(53200, "Participant identity is invalid"),
    IDENTITY_TOO_LONG(53201, "Participant identity is too long"),
    IDENTITY_CHARS_INVALID(53202, "Participant identity contains invalid characters");

    private final int code;
    private final String message;

    TokenError(int code, String message) {
        this.code = code;
        this.message = message;
    }

    public int code() {
        return code;
    }

    public String message() {
        return message;
    }
}
