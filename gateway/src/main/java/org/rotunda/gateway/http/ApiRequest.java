package org.rotunda.gateway.http;

import org.rotunda.room.protocol.AccountSid;

/**
 * An authenticated request to the REST API.
 *
 * @param path without version prefix and slash at the end, as error texts name it
 * @param baseUrl the beginning of links
 */
record ApiRequest(AccountSid account, String path, String baseUrl, Parameters query, Parameters form) {

    ApiFault notFound() {
        return ApiFault.notFound(path);
    }
}
