package org.rotunda.gateway.rest;

import java.util.Map;
import java.util.Objects;
import org.rotunda.gateway.auth.NameFault;
import org.rotunda.room.protocol.AccountSid;
import org.rotunda.room.protocol.CallbackSid;

/**
 * An authenticated request to the REST API.
 *
 * @param path the path for error texts, without the version prefix and without a slash at the end
 * @param variables the values of the variables in the route's pattern, by name
 * @param baseUrl the URL with which the links in the answer begin
 */
record ApiRequest(
        AccountSid account,
        String path,
        Map<String, String> variables,
        String baseUrl,
        Parameters query,
        Parameters form) {

    /** Returns the name or SID of the room in the path. */
    String room() {
        return variable("room");
    }

    /** Returns the identity or SID of the participant in the path. */
    String participant() {
        return variable("participant");
    }

    /** Returns the name or SID of the track in the path. */
    String track() {
        return variable("track");
    }

    /** Returns the SID of the status callback in the path. */
    CallbackSid callback() {
        String text = variable("callback");
        if (!CallbackSid.isValid(text)) {
            throw notFound();
        }
        return new CallbackSid(text);
    }

    /** Returns the account in the path. It may be another account than that of the caller. */
    AccountSid accountInPath() {
        String sid = variable("account");
        if (!AccountSid.isValid(sid)) {
            throw notFound();
        }
        return new AccountSid(sid);
    }

    /** Returns the SID of the API key in the path. */
    String key() {
        return variable("key");
    }

    /**
     * Returns a variable of the path. A text that cannot be a name is answered with "not found", without a question to
     * a room.
     */
    private String variable(String name) {
        String text = Objects.requireNonNull(variables.get(name), name);
        if (NameFault.of(text) != null) {
            throw notFound();
        }
        return text;
    }

    ApiFault notFound() {
        return ApiFault.notFound(path);
    }
}
