package org.rotunda.gateway.rest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.rotunda.gateway.testkit.GatewayFixture;
import org.rotunda.gateway.testkit.HttpFixture;

/** Tests bodies of the greatest size and of one byte more. */
class BodySizeTest extends HttpFixture {
    private static final int BYTES_MAX = 2048;

    @BeforeEach
    void restart() {
        server.close();
        server = GatewayFixture.start("rotunda.http.form-bytes-max = " + BYTES_MAX);
    }

    /** Returns a form of this size, whose only parameter is ignored. */
    private static String form(int bytes) {
        return "Unknown=" + "x".repeat(bytes - "Unknown=".length());
    }

    @Test
    void acceptsAFormOfTheGreatestSizeAndRefusesALongerOne() {
        assertThat(post("/v1/Rooms", form(BYTES_MAX)).statusCode()).isEqualTo(201);
        assertFails(post("/v1/Rooms", form(BYTES_MAX + 1)), 413, 20413);

        assertThat(server.rooms.all()).hasSize(1);
    }

    @Test
    void countsABodyWhoseLengthIsNotToldBeforehand() {
        assertThat(send(chunked(form(BYTES_MAX))).statusCode()).isEqualTo(201);
        assertFails(send(chunked(form(BYTES_MAX + 1))), 413, 20413);
    }

    private static HttpRequest.Builder chunked(String form) {
        Supplier<InputStream> body = () -> new ByteArrayInputStream(form.getBytes(StandardCharsets.UTF_8));
        return request("/v1/Rooms").header("Content-Type", FORM).POST(HttpRequest.BodyPublishers.ofInputStream(body));
    }
}
