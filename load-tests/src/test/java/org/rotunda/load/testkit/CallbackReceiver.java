package org.rotunda.load.testkit;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.twilio.security.RequestValidator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.rotunda.load.client.Ports;
import org.rotunda.load.client.Tokens;

/**
 * A receiver of status callbacks on loopback, as an application has it. It checks every signature with the validator of
 * the stock library, and keeps the first copy of each callback. It can be down, and come up again on the same port.
 * Callable from any thread.
 */
public final class CallbackReceiver implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int OK = 200;
    private static final int UNAVAILABLE = 503;
    private static final int HELD = 0;

    private final int port = Ports.free();
    private final List<Map<String, String>> events = new CopyOnWriteArrayList<>();
    private final List<String> forged = new CopyOnWriteArrayList<>();
    private final Set<String> tokens = new HashSet<>();
    private int status = OK;
    private @Nullable HttpServer server;
    private @Nullable ExecutorService threads;

    /** Creates a receiver that is down. */
    public CallbackReceiver() {}

    /** Returns the URL that an application gives to its rooms. */
    public String url() {
        return "http://127.0.0.1:" + port + "/video/events?tenant=42";
    }

    public synchronized CallbackReceiver up() {
        try {
            HttpServer started = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
            ExecutorService workers = Executors.newCachedThreadPool();
            started.setExecutor(workers);
            started.createContext("/", this::receive);
            started.start();
            server = started;
            threads = workers;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    public synchronized void down() {
        if (server != null && threads != null) {
            server.stop(0);
            threads.shutdownNow();
            server = null;
        }
    }

    /** Answers with this status from now on. Callbacks that are answered with a failure are not kept. */
    public synchronized void answer(int newStatus) {
        status = newStatus;
        notifyAll();
    }

    /** Answers nothing from now on, until {@link #answer} is called. */
    public void hold() {
        answer(HELD);
    }

    /** Returns the status to answer with. A request that was held is answered as if the receiver had failed. */
    private synchronized int status() throws IOException {
        boolean wasHeld = status == HELD;
        try {
            while (status == HELD) {
                wait();
            }
        } catch (InterruptedException e) {
            throw new IOException("down", e);
        }
        return wasHeld ? UNAVAILABLE : status;
    }

    private void receive(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        boolean isGet = exchange.getRequestMethod().equals("GET");
        String url = "http://" + exchange.getRequestHeaders().getFirst("Host") + exchange.getRequestURI();
        Map<String, String> parameters =
                decoded(isGet ? exchange.getRequestURI().getRawQuery() : body);
        boolean isGenuine = new RequestValidator(Tokens.AUTH_TOKEN)
                .validate(
                        url,
                        isGet ? Map.of() : parameters,
                        exchange.getRequestHeaders().getFirst("X-Twilio-Signature"));
        int answer = status();
        if (!isGenuine) {
            forged.add(url + " " + body);
            answer = 403;
        } else if (answer == OK) {
            keep(exchange.getRequestHeaders().getFirst("I-Twilio-Idempotency-Token"), parameters);
        }
        exchange.sendResponseHeaders(answer, -1);
        exchange.close();
    }

    private synchronized void keep(String token, Map<String, String> parameters) {
        if (tokens.add(token)) {
            events.add(parameters);
        }
    }

    private static Map<String, String> decoded(String form) {
        Map<String, String> parameters = new HashMap<>();
        for (String pair : form.split("&", -1)) {
            int equals = pair.indexOf('=');
            parameters.put(
                    URLDecoder.decode(pair.substring(0, equals), StandardCharsets.UTF_8),
                    URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
        }
        parameters.remove("tenant");
        return parameters;
    }

    /** Waits for this number of callbacks, and returns all that have arrived. */
    public List<Map<String, String>> await(int count) {
        Await.until(
                () -> count + " callbacks, but there are " + events + ", and forged are " + forged,
                PATIENCE,
                () -> events.size() >= count || !forged.isEmpty());
        return events();
    }

    /** Returns the parameters of the callbacks that have arrived, in the order of arrival. */
    public List<Map<String, String>> events() {
        return new ArrayList<>(events);
    }

    /** Returns the requests whose signature was wrong. */
    public List<String> forged() {
        return List.copyOf(forged);
    }

    @Override
    public void close() {
        down();
    }
}
