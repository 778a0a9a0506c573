package org.rotunda.load.bench;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/**
 * A receiver of status callbacks on loopback. It answers each at once with 200, counts them, and checks the signature
 * of one in a hundred. Callable from any thread.
 */
final class CallbackCounter implements AutoCloseable {
    /** One in so many callbacks has its signature checked, beginning with the first. */
    static final int CHECKED_ONE_IN = 100;

    private static final int OK = 200;
    private static final int BACKLOG = 1024; // Each callback has a connection of its own.
    private static final long SILENCE_MAX_NANOS = Duration.ofMinutes(1).toNanos();

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Map<String, String> tokens;
    private final Set<String> seen = new HashSet<>(); // This object guards this field and all fields below.
    private long arrived;
    private long checked;
    private long forged;
    private long firstNanos;
    private long lastNanos;

    /**
     * The callbacks that have arrived since the last {@link #reset}.
     *
     * @param callbacks the number of different callbacks
     * @param repeats the number of callbacks that arrived a second time
     * @param checked the number of callbacks whose signature was checked
     * @param forged the number of wrong signatures
     * @param seconds the time from the first callback to the last
     */
    record Count(long callbacks, long repeats, long checked, long forged, double seconds) {
        double perSecond() {
            return seconds == 0 ? Double.NaN : callbacks / seconds;
        }
    }

    /** Starts a receiver that knows the auth tokens of these accounts. */
    CallbackCounter(List<BenchAccount> accounts) throws IOException {
        tokens = accounts.stream().collect(Collectors.toUnmodifiableMap(BenchAccount::sid, BenchAccount::authToken));
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), BACKLOG);
        server.setExecutor(threads);
        server.createContext("/", this::receive);
        server.start();
    }

    /** Returns the URL to give to rooms. */
    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/events?tenant=42";
    }

    private void receive(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.US_ASCII);
        exchange.sendResponseHeaders(OK, -1);
        exchange.close();
        String token = String.valueOf(exchange.getRequestHeaders().getFirst("I-Twilio-Idempotency-Token"));
        if (arrive(token, System.nanoTime())) {
            Map<String, String> form = decoded(body);
            String authToken = tokens.getOrDefault(form.getOrDefault("AccountSid", ""), "");
            boolean isGenuine = !authToken.isEmpty()
                    && CallbackSignatures.of(authToken, url(), form)
                            .equals(exchange.getRequestHeaders().getFirst("X-Twilio-Signature"));
            check(isGenuine);
        }
    }

    /** Counts a callback, and returns whether its signature must be checked. */
    private synchronized boolean arrive(String token, long nanos) {
        boolean isNew = seen.add(token);
        if (isNew) {
            firstNanos = seen.size() == 1 ? nanos : firstNanos;
            lastNanos = nanos;
        }
        notifyAll();
        return arrived++ % CHECKED_ONE_IN == 0;
    }

    private synchronized void check(boolean isGenuine) {
        checked++;
        if (!isGenuine) {
            forged++;
        }
        notifyAll();
    }

    /** Forgets all callbacks. */
    synchronized void reset() {
        seen.clear();
        arrived = 0;
        checked = 0;
        forged = 0;
        firstNanos = 0;
        lastNanos = 0;
    }

    synchronized Count count() {
        return new Count(seen.size(), arrived - seen.size(), checked, forged, (lastNanos - firstNanos) / 1e9);
    }

    /** Waits until this number of different callbacks has arrived. Fails if none arrives for a minute. */
    void await(long callbacks) {
        await("callbacks", seen::size, callbacks);
    }

    /** Waits until this number of callbacks, with repeats, has arrived. Fails if none arrives for a minute. */
    void awaitArrivals(long arrivals) {
        await("arrivals", () -> arrived, arrivals);
    }

    /** Waits until this number of signatures has been checked. Fails if none is checked for a minute. */
    void awaitChecks(long checks) {
        await("checks", () -> checked, checks);
    }

    private synchronized void await(String what, LongSupplier counter, long wanted) {
        long since = System.nanoTime();
        long last = counter.getAsLong();
        while (last < wanted) {
            try {
                TimeUnit.NANOSECONDS.timedWait(this, SILENCE_MAX_NANOS);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted", interrupted);
            }
            if (counter.getAsLong() > last) {
                last = counter.getAsLong();
                since = System.nanoTime();
            } else if (System.nanoTime() - since > SILENCE_MAX_NANOS) {
                throw new IllegalStateException("there are only " + last + " of " + wanted + " " + what);
            }
        }
    }

    static Map<String, String> decoded(String form) {
        Map<String, String> parameters = new HashMap<>();
        for (String pair : form.split("&", -1)) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                parameters.put(
                        URLDecoder.decode(pair.substring(0, equals), StandardCharsets.UTF_8),
                        URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
            }
        }
        return parameters;
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
