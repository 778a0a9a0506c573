package org.rotunda.gateway.callback;

import java.util.Map;
import java.util.TreeMap;
import org.rotunda.gateway.auth.Secret;

/** Computes the value of the header {@code X-Twilio-Signature}, by which a receiver knows the sender. */
final class CallbackSignature {
    private CallbackSignature() {}

    /**
     * Returns the signature of a request.
     *
     * @param url the URL as the receiver sees it; for a GET request it includes the parameters
     * @param body the decoded parameters in the body; empty for a GET request
     */
    static String of(Secret authToken, String url, Map<String, String> body) {
        StringBuilder text = new StringBuilder(url);
        // In the order of the names. All names are ASCII, so the order of chars is the order of bytes.
        new TreeMap<>(body).forEach((name, value) -> text.append(name).append(value));
        return authToken.hmacSha1(text.toString());
    }
}
