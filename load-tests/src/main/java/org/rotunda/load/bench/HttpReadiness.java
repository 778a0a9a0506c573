package org.rotunda.load.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** Tells that a server is ready when an address of it answers 200. Main thread only. */
final class HttpReadiness implements ServerProcess.Readiness {
    private static final Duration ASK = Duration.ofSeconds(5);

    private final HttpClient http = HttpClient.newBuilder().connectTimeout(ASK).build();
    private final HttpRequest request;

    HttpReadiness(URI address) {
        request = HttpRequest.newBuilder(address).timeout(ASK).build();
    }

    @Override
    public boolean isReady() {
        try {
            return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException notYet) { // A server that starts refuses connections.
            return false;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", interrupted);
        }
    }
}
