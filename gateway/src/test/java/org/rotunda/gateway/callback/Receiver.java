package org.rotunda.gateway.callback;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.twilio.security.RequestValidator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.rotunda.gateway.testkit.GatewayFixture;
import org.rotunda.room.protocol.CallbackForm;

/** A receiver of callbacks on loopback, as an application has it. */
final class Receiver implements AutoCloseable {
    private static final int PATIENCE_SECONDS = 20;

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final BlockingQueue<Seen> seen = new LinkedBlockingQueue<>();
    private final CountDownLatch closed = new CountDownLatch(1);

    /** A request as the receiver has seen it. */
    record Seen(String method, String target, Map<String, List<String>> headers, String body) {
        String header(String name) {
            List<String> values = headers.getOrDefault(name, List.of());
            return values.size() == 1 ? values.get(0) : "";
        }

        /** Checks the signature with the validator of the stock library, from what the receiver has seen. */
        boolean isGenuine() {
            String url = "http://" + header("Host") + target;
            return new RequestValidator(GatewayFixture.AUTH_TOKEN)
                    .validate(
                            url,
                            method.equals("GET") ? Map.of() : CallbackForm.decode(body),
                            header("X-twilio-signature"));
        }
    }

    /** The answer of a receiver. */
    @FunctionalInterface
    interface Answer {
        void to(HttpExchange exchange, Receiver receiver) throws IOException;
    }

    private Receiver(InetSocketAddress address, Answer answer) {
        try {
            server = HttpServer.create(address, 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(threads);
        server.createContext("/", exchange -> {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            seen.add(new Seen(
                    exchange.getRequestMethod(),
                    exchange.getRequestURI().toString(),
                    Map.copyOf(exchange.getRequestHeaders()),
                    body));
            answer.to(exchange, this);
            exchange.close();
        });
        server.start();
    }

    static Receiver answering(int status) {
        return answering((exchange, receiver) -> exchange.sendResponseHeaders(status, -1));
    }

    static Receiver answering(Answer answer) {
        return new Receiver(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), answer);
    }

    static Receiver on(InetAddress address) {
        return new Receiver(
                new InetSocketAddress(address, 0), (exchange, receiver) -> exchange.sendResponseHeaders(200, -1));
    }

    int port() {
        return server.getAddress().getPort();
    }

    String url(String target) {
        return "http://127.0.0.1:" + port() + target;
    }

    /** Returns the next request, and waits for it. */
    Seen next() {
        try {
            Seen next = seen.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            if (next == null) {
                throw new AssertionError("no request");
            }
            return next;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    boolean sawNothing() {
        return seen.isEmpty();
    }

    /** Waits until the receiver is closed, as a receiver does that never answers. */
    void hang() {
        try {
            closed.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        closed.countDown();
        server.stop(0);
        threads.shutdownNow();
    }
}
