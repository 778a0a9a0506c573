package org.rotunda.gateway.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.swagger.v3.oas.models.parameters.Parameter;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.rotunda.gateway.testkit.ApiContract;
import org.rotunda.gateway.testkit.GatewayFixture;
import org.rotunda.gateway.testkit.HttpFixture;

/** Tests that the OpenAPI document describes exactly the routes of the REST API, and that it is served with its page. */
class OpenApiTest extends HttpFixture {
    private static final Pattern VARIABLE = Pattern.compile("\\{[^{}]*}");
    private static final Pattern TEMPLATE_VARIABLE = Pattern.compile("\\{([^{}]*)}");
    private static final Pattern FILE = Pattern.compile("(?:src|href)=\"(/[^\"]*)\"");

    @Test
    void theDocumentDescribesEveryRouteAndNoOther() {
        Set<String> routes = new TreeSet<>();
        server.gateway
                .operations()
                .forEach(operation -> routes.add(operation.method() + " " + normal(operation.pattern())));
        Set<String> documented = new TreeSet<>();
        ApiContract.DOCUMENT
                .getPaths()
                .forEach((path, item) -> item.readOperationsMap()
                        .forEach((method, operation) -> documented.add(method + " " + normal(path))));

        assertThat(documented).isEqualTo(routes);
    }

    /** Replaces the names of variables, which the document and the table may choose freely. */
    private static String normal(String pattern) {
        return VARIABLE.matcher(pattern).replaceAll("{}");
    }

    @Test
    void everyOperationIsDescribed() {
        Set<String> ids = new TreeSet<>();
        ApiContract.DOCUMENT
                .getPaths()
                .forEach((path, item) -> item.readOperations().forEach(operation -> {
                    assertThat(ids.add(operation.getOperationId()))
                            .as("unique id of %s", path)
                            .isTrue();
                    assertThat(operation.getSummary()).as(path).isNotBlank();
                    assertThat(operation.getTags()).as(path).hasSize(1);
                    assertThat(operation.getResponses().get("default"))
                            .as("the error of %s", path)
                            .isNotNull();
                    assertThat(operation.getResponses().get("429"))
                            .as("the answer of %s to too many requests", path)
                            .isNotNull();
                    Set<String> variables = TEMPLATE_VARIABLE
                            .matcher(path)
                            .results()
                            .map(found -> found.group(1))
                            .collect(Collectors.toCollection(TreeSet::new));
                    Set<String> described = (item.getParameters() == null ? List.<Parameter>of() : item.getParameters())
                            .stream().map(OpenApiTest::nameOf).collect(Collectors.toCollection(TreeSet::new));
                    assertThat(described).as(path).isEqualTo(variables);
                }));
    }

    private static String nameOf(Parameter parameter) {
        String reference = parameter.get$ref();
        return reference == null ? parameter.getName() : reference.substring(reference.lastIndexOf('/') + 1);
    }

    @Test
    void theCheckFindsFaults() {
        String error = "{\"code\":20404,\"message\":\"m\",\"more_info\":\"https://example.com/20404\",\"status\":404}";
        ApiContract.check("GET", "/v1/Rooms/x", 404, "application/json", error);
        ApiContract.check("PUT", "/v1/Rooms/x", 405, "application/json", error);

        for (String fault : List.of(
                "{}", error.replace("20404,", "\"20404\","), error.replace("}", ",\"title\":\"t\"}"), "[]", "x")) {
            assertThatThrownBy(() -> ApiContract.check("GET", "/v1/Rooms/x", 404, "application/json", fault))
                    .as(fault)
                    .isInstanceOf(AssertionError.class);
        }
        assertThatThrownBy(() -> ApiContract.check("GET", "/v1/Dreams", 200, "application/json", "{}"))
                .isInstanceOf(AssertionError.class);
        assertThatThrownBy(() -> ApiContract.check("GET", "/v1/Rooms/x", 404, "text/html", error))
                .isInstanceOf(AssertionError.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/openapi.yaml | application/yaml | openapi: 3",
                "/openapi | text/html | <!doctype html>",
                "/openapi/ | text/html | <!doctype html>",
                "/openapi/start.js | application/javascript | SwaggerUIBundle",
                "/openapi/swagger-ui-bundle.js | application/javascript | SwaggerUIBundle",
                "/openapi/swagger-ui.css | text/css | .swagger-ui"
            })
    void servesTheDocumentAndItsPageToEverybody(String path, String type, String content) {
        HttpResponse<String> response = send(HttpRequest.newBuilder(URI.create(base() + path)));

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type").orElse("")).startsWith(type);
        assertThat(response.body()).contains(content);
        assertThat(response.headers().firstValue("Content-Security-Policy").orElse(""))
                .contains("default-src 'none'", "script-src 'self';", "connect-src 'self'")
                .doesNotContain("unsafe-eval", "http");
        assertThat(response.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
        assertAllowsPagesOfOtherOrigins(response);
        HttpResponse<String> again = send(HttpRequest.newBuilder(URI.create(base() + path))
                .header("If-None-Match", response.headers().firstValue("ETag").orElseThrow()));
        assertThat(again.statusCode()).isEqualTo(304);
    }

    @Test
    void thePageLoadsItsFilesFromThisServer() {
        String page =
                send(HttpRequest.newBuilder(URI.create(base() + "/openapi"))).body();
        List<String> files =
                FILE.matcher(page).results().map(found -> found.group(1)).toList();

        assertThat(files).hasSizeGreaterThan(3);
        assertThat(page).doesNotContain("://").doesNotContainPattern("<script>|<style>|onload=");
        for (String file : files) {
            assertThat(send(HttpRequest.newBuilder(URI.create(base() + file))).statusCode())
                    .as(file)
                    .isEqualTo(200);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/openapi/nothing.js", "/openapi/a/b", "/openapi.json", "/openapi.yaml/x"})
    void servesNoOtherFile(String path) {
        assertFails(send(HttpRequest.newBuilder(URI.create(base() + path))), 404, 20404);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/openapi", "/openapi.yaml", "/openapi/start.js"})
    void isOnlyRead(String path) {
        assertFails(post(path, ""), 405, 20004);
    }

    @Test
    void servesTheDocumentWithoutTheDemoPage() {
        try (GatewayFixture production = GatewayFixture.start("rotunda.http { demo-page = off, dev-token = off }")) {
            assertThat(send(HttpRequest.newBuilder(URI.create(
                                    "http://127.0.0.1:" + production.address().getPort() + "/openapi.yaml")))
                            .body())
                    .isEqualTo(ApiContract.TEXT);
        }
    }
}
