package org.rotunda.load.library;

import com.twilio.http.TwilioRestClient;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One call of an operation of the REST API, written for both helper libraries, and what must come of it. Immutable.
 *
 * @param operation the method and the path, as the OpenAPI document has them
 * @param title what the step shows
 * @param caller the name of the credentials: {@code {caller}} is the user, {@code {callerToken}} the password
 * @param java the call with twilio-java
 * @param node the call with twilio-node, as an expression
 * @param status the HTTP status of the last answer
 * @param code the error code; 0 for a call that succeeds
 * @param facts what the result must have
 * @param kept the names of texts for later steps, each with a JSON pointer into the result
 */
record TourStep(
        String operation,
        String title,
        String caller,
        @Nullable JavaCall java,
        String node,
        int status,
        int code,
        List<Fact> facts,
        Map<String, String> kept) {

    /** The account of the configuration, as which most steps call. */
    static final String ACCOUNT = "account";

    /** A call with twilio-java. */
    @FunctionalInterface
    interface JavaCall {
        /** Returns a resource, the records of a list, true for a deletion, or a raw answer. */
        Object run(TwilioRestClient client, TourVars vars);
    }

    /**
     * Something that the result must have.
     *
     * @param pointer a JSON pointer; empty for the whole result
     * @param kind how the value is compared
     * @param expected the value or pattern, in which names in braces stand for texts of the tour
     */
    record Fact(String pointer, Kind kind, String expected) {
        enum Kind {
            IS,
            MATCHES,
            NULL,
            SIZE
        }
    }

    static TourStep of(String operation, String title) {
        return new TourStep(operation, title, ACCOUNT, null, "", 200, 0, List.of(), Map.of());
    }

    TourStep java(JavaCall call) {
        return new TourStep(operation, title, caller, call, node, status, code, facts, kept);
    }

    TourStep node(String expression) {
        return new TourStep(operation, title, caller, java, expression, status, code, facts, kept);
    }

    /** Makes the call with other credentials than those of the account. */
    TourStep as(String otherCaller) {
        return new TourStep(operation, title, otherCaller, java, node, status, code, facts, kept);
    }

    /** Expects a successful answer with this status. Without this call the status is 200. */
    TourStep answers(int successStatus) {
        return new TourStep(operation, title, caller, java, node, successStatus, 0, facts, kept);
    }

    /** Expects that the library throws its exception with this status and code. */
    TourStep refuses(int errorStatus, int errorCode) {
        return new TourStep(operation, title, caller, java, node, errorStatus, errorCode, facts, kept);
    }

    /** Expects a value, compared as text. */
    TourStep has(String pointer, Object value) {
        return with(new Fact(pointer, Fact.Kind.IS, String.valueOf(value)));
    }

    /** Expects a text of a form. */
    TourStep matches(String pointer, String pattern) {
        return with(new Fact(pointer, Fact.Kind.MATCHES, pattern));
    }

    /** Expects that properties are there and have no value. */
    TourStep hasNo(String... pointers) {
        TourStep step = this;
        for (String pointer : pointers) {
            step = step.with(new Fact(pointer, Fact.Kind.NULL, ""));
        }
        return step;
    }

    /** Expects a list of so many records. */
    TourStep lists(int records) {
        return with(new Fact("", Fact.Kind.SIZE, Integer.toString(records)));
    }

    /** Keeps a text of the result for later steps. */
    TourStep keeps(String name, String pointer) {
        Map<String, String> more = new LinkedHashMap<>(kept);
        more.put(name, pointer);
        return new TourStep(operation, title, caller, java, node, status, code, facts, Map.copyOf(more));
    }

    private TourStep with(Fact fact) {
        List<Fact> more = new ArrayList<>(facts);
        more.add(fact);
        return new TourStep(operation, title, caller, java, node, status, code, List.copyOf(more), kept);
    }

    JavaCall javaCall() {
        return Objects.requireNonNull(java, title);
    }

    @Override
    public String toString() {
        return operation + ": " + title;
    }
}
