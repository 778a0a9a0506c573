package org.rotunda.load.library;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import com.twilio.base.ResourceSet;
import com.twilio.exception.ApiException;
import com.twilio.http.NetworkHttpClient;
import com.twilio.http.Request;
import com.twilio.http.Response;
import com.twilio.http.TwilioRestClient;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** The stock twilio-java. Its host names are built in, so its requests are sent to the node by a client for HTTP. */
final class JavaLibrary implements HelperLibrary {
    /** Shows resources by their getters, and enums and times as texts. */
    private static final ObjectMapper VIEW = JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .enable(SerializationFeature.WRITE_ENUMS_USING_TO_STRING)
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .build();

    private static final int FIRST_ERROR = 400;

    private final String base;
    private final List<Exchange> exchanges = new ArrayList<>();

    /** @param base the URL of the node, without a slash at the end */
    JavaLibrary(String base) {
        this.base = base;
    }

    @Override
    public Outcome call(TourStep step, TourVars vars) {
        String user = vars.get(step.caller());
        String password = vars.get(step.caller() + "Token");
        TwilioRestClient client = new TwilioRestClient.Builder(user, password)
                .httpClient(new ToTheNode(user, password))
                .build();
        exchanges.clear();
        try {
            Object result = step.javaCall().run(client, vars);
            return result instanceof Response raw ? raw(raw) : new Outcome(view(result), 0, 0, exchanges);
        } catch (ApiException refused) {
            if (refused.getStatusCode() == null) {
                throw refused; // The library got no answer, or none that it understands.
            }
            return new Outcome(NullNode.instance, refused.getStatusCode(), refused.getCode(), exchanges);
        }
    }

    private static JsonNode view(Object result) {
        if (result instanceof ResourceSet<?> records) {
            List<Object> all = new ArrayList<>(); // The iterator of the set reads the further pages.
            records.forEach(all::add);
            return VIEW.valueToTree(all);
        }
        return VIEW.valueToTree(result);
    }

    /** Reads an answer to a request for which the library has no method, and which it does not check. */
    private Outcome raw(Response response) {
        try {
            JsonNode body = VIEW.readTree(response.getContent());
            int status = response.getStatusCode();
            return status < FIRST_ERROR
                    ? new Outcome(body, 0, 0, exchanges)
                    : new Outcome(NullNode.instance, status, body.path("code").asInt(), exchanges);
        } catch (JsonProcessingException notJson) {
            throw new AssertionError(notJson);
        }
    }

    @Override
    public void close() {
        // There is nothing to close.
    }

    @Override
    public String toString() {
        return "twilio-java";
    }

    /** Sends the library's requests to the node, and records them. An integrator has to change nothing else. */
    private final class ToTheNode extends NetworkHttpClient {
        private final String user;
        private final String password;

        ToTheNode(String user, String password) {
            this.user = user;
            this.password = password;
        }

        @Override
        public Response makeRequest(Request request) {
            Request ours = new Request(request.getMethod(), request.getUrl().replaceFirst("https?://[^/]+", base));
            request.getQueryParams().forEach((name, all) -> all.forEach(value -> ours.addQueryParam(name, value)));
            request.getPostParams().forEach((name, all) -> all.forEach(value -> ours.addPostParam(name, value)));
            request.getHeaderParams().forEach((name, all) -> all.forEach(value -> ours.addHeaderParam(name, value)));
            ours.setContentType(request.getContentType());
            ours.setAuth(user, password);
            Response response = Objects.requireNonNull(super.makeRequest(ours));
            String content = response.getContent(); // The content can be read only once.
            exchanges.add(new Exchange(
                    request.getMethod().name(),
                    URI.create(ours.constructURL().toString()).getRawPath(),
                    response.getStatusCode(),
                    content == null ? "" : content));
            return new Response(content, response.getStatusCode(), response.getHeaders());
        }
    }
}
