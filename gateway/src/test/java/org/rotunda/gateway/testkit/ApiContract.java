package org.rotunda.gateway.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import com.atlassian.oai.validator.OpenApiInteractionValidator;
import com.atlassian.oai.validator.model.Request;
import com.atlassian.oai.validator.model.SimpleResponse;
import com.atlassian.oai.validator.report.ValidationReport;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.PathItem;
import io.swagger.v3.parser.OpenAPIV3Parser;
import io.swagger.v3.parser.core.models.ParseOptions;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Checks answers of the REST API against our OpenAPI document. Tests call it for every answer that they get. */
public final class ApiContract {
    private static final String PATH = "/org/rotunda/gateway/openapi/openapi.yaml";
    private static final Pattern VARIABLE = Pattern.compile("\\{[^/{}]*}");

    /** The text of the document. */
    public static final String TEXT = read();

    /** The content of the document. */
    public static final OpenAPI DOCUMENT = parse();

    private static final OpenApiInteractionValidator VALIDATOR =
            OpenApiInteractionValidator.createForInlineApiSpecification(TEXT).build();

    private ApiContract() {}

    /** Checks an answer, unless it belongs to a path outside of the API or to a preflight request. */
    public static void check(HttpResponse<String> response) {
        String method = response.request().method();
        String path = response.request().uri().getRawPath();
        if (!isOfTheApi(path) || method.equals("OPTIONS") || method.equals("HEAD")) {
            return;
        }
        assertThat(response.headers().firstValue("Twilio-Request-Id").orElse(""))
                .matches("RQ[0-9a-f]{32}");
        check(
                method,
                path,
                response.statusCode(),
                response.headers().firstValue("Content-Type").orElse(""),
                response.body());
    }

    /**
     * Checks an answer. An answer on a path or with a method that the document does not have must be an error.
     *
     * @param path the encoded path, without the query
     */
    public static void check(String method, String path, int status, String contentType, String body) {
        String trimmed = path.length() > 1 && path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
        boolean documented = hasOperation(method, trimmed);
        if (!documented) {
            assertThat(status)
                    .as("%s %s is not documented, so it must fail", method, path)
                    .isBetween(400, 499);
        }
        SimpleResponse.Builder response = SimpleResponse.Builder.status(status);
        if (!body.isEmpty()) {
            response.withContentType(contentType).withBody(body);
        }
        ValidationReport report = VALIDATOR.validateResponse(
                documented ? trimmed : "/v1/Rooms",
                documented ? Request.Method.valueOf(method) : Request.Method.GET,
                response.build());
        assertThat(report.getMessages())
                .as("%s %s answered %d against the document: %s", method, path, status, body)
                .isEmpty();
    }

    private static boolean isOfTheApi(String path) {
        return path.startsWith("/v1/") || path.startsWith("/2010-04-01/");
    }

    private static boolean hasOperation(String method, String path) {
        return DOCUMENT.getPaths().entrySet().stream()
                .filter(entry -> matches(entry.getKey(), path))
                .anyMatch(entry -> entry.getValue().readOperationsMap().containsKey(methodOf(method)));
    }

    private static boolean matches(String template, String path) {
        List<String> wanted = List.of(template.split("/", -1));
        List<String> given = List.of(path.split("/", -1));
        if (wanted.size() != given.size()) {
            return false;
        }
        for (int i = 0; i < wanted.size(); i++) {
            String quoted = VARIABLE.splitAsStream(wanted.get(i) + " ")
                    .map(Pattern::quote)
                    .collect(Collectors.joining("[^/]+"));
            if (!Pattern.matches(quoted, given.get(i) + " ")) {
                return false;
            }
        }
        return true;
    }

    private static PathItem.HttpMethod methodOf(String method) {
        return Map.of(
                        "GET", PathItem.HttpMethod.GET,
                        "POST", PathItem.HttpMethod.POST,
                        "DELETE", PathItem.HttpMethod.DELETE)
                .getOrDefault(method, PathItem.HttpMethod.TRACE);
    }

    private static String read() {
        try (InputStream in = ApiContract.class.getResourceAsStream(PATH)) {
            if (in == null) {
                throw new IllegalStateException("no document at " + PATH);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static OpenAPI parse() {
        var parsed = new OpenAPIV3Parser().readContents(TEXT, List.of(), new ParseOptions());
        assertThat(parsed.getMessages()).as("faults of the document").isEmpty();
        return parsed.getOpenAPI();
    }
}
