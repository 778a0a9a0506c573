package org.rotunda.load.library;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/** A stock helper library whose requests go to the node under test. */
interface HelperLibrary extends AutoCloseable {
    /**
     * Makes the call of a step.
     *
     * @param vars the texts that the steps share
     */
    Outcome call(TourStep step, TourVars vars);

    @Override
    void close();

    /**
     * The outcome of a call.
     *
     * @param result the value that the library returned, with the names that the library gives to the properties; a list is an
     *     array with the records of all pages
     * @param status the HTTP status of the library's exception; 0 if it threw none
     * @param code the error code of the exception; 0 if it threw none
     * @param exchanges the requests that the library sent, and their answers
     */
    record Outcome(JsonNode result, int status, int code, List<Exchange> exchanges) {
        public Outcome {
            exchanges = List.copyOf(exchanges);
        }
    }

    /**
     * A request and its answer.
     *
     * @param path the encoded path, without the query
     */
    record Exchange(String method, String path, int status, String body) {}
}
