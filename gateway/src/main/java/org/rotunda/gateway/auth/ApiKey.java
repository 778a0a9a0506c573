package org.rotunda.gateway.auth;

import java.util.regex.Pattern;

/**
 * A key that signs access tokens and opens the REST API of its account.
 *
 * @param sid {@code SK} and 32 hex digits
 */
public record ApiKey(String sid, Secret secret) {
    private static final Pattern SID = Pattern.compile("SK[0-9a-f]{32}");

    public ApiKey {
        if (!SID.matcher(sid).matches()) {
            throw new IllegalArgumentException("not the SID of a key: " + sid);
        }
    }
}
