package org.rotunda.load.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.rotunda.load.process.ProcessUsage;
import org.rotunda.room.testkit.ManyRooms;

/**
 * One run of the REST bench. Starts a new node on a fresh database, fills the list of rooms, and measures one part after
 * the other. Main thread only, except for the callers of {@link ClosedLoop}.
 */
final class RestRun {
    private static final int CALLBACKS_PER_ROOM = 2; // room-created and room-ended.
    private static final String ACCOUNT_IN_FLIGHT = "rotunda.callbacks.account-in-flight-max";
    private static final String NODE_IN_FLIGHT = "rotunda.callbacks.in-flight-max";
    private static final int NODE_IN_FLIGHT_DEFAULT = 64; // In the gateway's reference.conf.

    /** The share of callbacks that are delivered before each measurement of callbacks, so that the node is warm. */
    private static final int WARM_UP_ONE_IN = 4;

    private final RestOptions options;
    private final RestDatabase server;
    private final int number;
    private final Progress progress;
    private final Path directory;
    private final List<BenchAccount> accounts;
    private final ClosedLoop loop;
    private final ProcessUsage.KernelClock clock = ProcessUsage.KernelClock.read();
    private final Map<RestSubject, Map<RestFigure, Double>> figures = new EnumMap<>(RestSubject.class);
    private int batches; // The number of batches of rooms so far, which makes their names differ.

    RestRun(RestOptions options, RestDatabase server, int number, Progress progress) throws IOException {
        this.options = options;
        this.server = server;
        this.number = number;
        this.progress = progress;
        directory = options.directory().resolve("run-" + number);
        accounts = BenchAccount.numbered(Math.max(1, options.accounts()));
        loop = new ClosedLoop(options.callers());
    }

    /** A node, and the calls to its API. */
    private record Target(RestNode node, RestCalls calls, DatabaseAccess database) {}

    Map<RestSubject, Map<RestFigure, Double>> run() throws IOException, SQLException, InterruptedException {
        DatabaseAccess database = server.fresh();
        try {
            try (RestNode node = start(database, Map.of(), "node")) {
                measure(new Target(node, new RestCalls(node.url()), database));
            }
            if (options.parts().contains(RestPart.CALLBACKS) && options.accountInFlight() > 0) {
                // The other bound of a node stays what it is, unless it is the lower one.
                String bound = Integer.toString(options.accountInFlight());
                Map<String, String> raised = options.accountInFlight() > NODE_IN_FLIGHT_DEFAULT
                        ? Map.of(ACCOUNT_IN_FLIGHT, bound, NODE_IN_FLIGHT, bound)
                        : Map.of(ACCOUNT_IN_FLIGHT, bound);
                try (RestNode node = start(database, raised, "node-raised")) {
                    measureCallbacks(
                            new Target(node, new RestCalls(node.url()), database), RestSubject.CALLBACKS_RAISED, 1);
                }
            }
        } finally {
            server.discard(database);
        }
        return figures;
    }

    private RestNode start(DatabaseAccess database, Map<String, String> overrides, String name) throws IOException {
        progress.show(prefix() + "the node starts");
        return RestNode.start(options, accounts, database, overrides, directory.resolve(name));
    }

    private void measure(Target target) throws IOException, SQLException, InterruptedException {
        ManyRooms rooms = fill(target.database());
        if (options.parts().contains(RestPart.CREATES)) {
            measureCreates(target);
        }
        if (options.parts().contains(RestPart.LISTS) && rooms != null) {
            measureLists(target, rooms);
        }
        if (options.parts().contains(RestPart.CALLBACKS)) {
            measureCallbacks(target, RestSubject.CALLBACKS_ONE, 1);
            measureCallbacks(target, RestSubject.CALLBACKS_SEVERAL, options.accounts());
        }
    }

    /** Fills the list of rooms of the first account. Returns null if there is nothing to fill. */
    private @Nullable ManyRooms fill(DatabaseAccess database) throws SQLException {
        if (options.roomsListed() == 0) {
            return null;
        }
        progress.show(prefix() + "the database gets rooms");
        long beginNanos = System.nanoTime();
        ManyRooms rooms = ListPages.rooms(accounts.get(0), options.roomsListed(), Instant.now());
        try (Connection connection = database.connect()) {
            rooms.insert(connection);
        }
        progress.say(String.format(
                Locale.ROOT,
                "%s%,d rooms filled in %.1f s",
                prefix(),
                rooms.count(),
                (System.nanoTime() - beginNanos) / 1e9));
        return rooms;
    }

    // --- creates

    private void measureCreates(Target target) throws IOException, SQLException {
        BenchAccount account = accounts.get(0);
        progress.show(prefix() + "warm-up of creates");
        String warmUp = batch();
        ClosedLoop.Result warm = loop.during(
                        options.warmUp(), i -> target.calls().create(account, warmUp + i, Map.of()))
                .requireAllSucceeded("creates");
        complete(target, account, warmUp, warm.requests());
        analyze(target);
        progress.show(prefix() + "creates are measured");
        String measured = batch();
        RestReading begin = read(target);
        ClosedLoop.Result result = loop.during(
                        options.measure(), i -> target.calls().create(account, measured + i, Map.of()))
                .requireAllSucceeded("creates");
        put(RestSubject.CREATES, read(target).ofRequests(begin, result));
        complete(target, account, measured, result.requests());
    }

    /** Completes the rooms of a batch, so that later measurements have no rooms in progress. */
    private void complete(Target target, BenchAccount account, String batch, long rooms) {
        progress.show(prefix() + rooms + " rooms are completed");
        loop.times(rooms, i -> target.calls().complete(account, batch + i)).requireAllSucceeded("completes");
    }

    // --- lists

    private void measureLists(Target target, ManyRooms rooms) throws IOException, InterruptedException {
        BenchAccount account = accounts.get(0);
        ListPages pages = new ListPages(target.calls(), account, rooms);
        List<String> first = List.of(ListPages.first());
        List<String> any = pages.any();
        List<String> last = List.of(pages.last());
        progress.show(prefix() + "warm-up of lists");
        List<String> all = new ArrayList<>(first);
        all.addAll(last);
        all.addAll(any);
        loop.during(options.warmUp(), i -> get(target, account, all, i)).requireAllSucceeded("lists");
        measureList(target, account, RestSubject.LISTS_FIRST, first);
        measureList(target, account, RestSubject.LISTS_ANY, any);
        measureList(target, account, RestSubject.LISTS_LAST, last);
    }

    private void measureList(Target target, BenchAccount account, RestSubject subject, List<String> paths)
            throws IOException {
        progress.show(prefix() + subject.label(options) + ": measured");
        RestReading begin = read(target);
        ClosedLoop.Result result = loop.during(options.measure(), i -> get(target, account, paths, i))
                .requireAllSucceeded("lists");
        put(subject, read(target).ofRequests(begin, result));
    }

    /** Reads one of these pages, each in its turn. */
    private static void get(Target target, BenchAccount account, List<String> paths, long ordinal)
            throws IOException, InterruptedException {
        target.calls().get(account, paths.get((int) (ordinal % paths.size())));
    }

    // --- callbacks

    private void measureCallbacks(Target target, RestSubject subject, int accountsUsed)
            throws IOException, SQLException {
        try (CallbackCounter receiver = new CallbackCounter(accounts)) {
            String label = subject.label(options);
            int warmUp = Math.max(1, options.callbackRooms() / WARM_UP_ONE_IN);
            progress.show(prefix() + label + ": warm-up");
            deliver(target, receiver, warmUp, accountsUsed);
            analyze(target);
            progress.show(prefix() + label + ": measured");
            Map<RestFigure, Double> delivered = deliver(target, receiver, options.callbackRooms(), accountsUsed);
            put(subject, delivered);
        }
    }

    /**
     * Makes rooms that cause callbacks, holds the callbacks back until all rooms have ended, and then measures until
     * all are delivered.
     */
    private Map<RestFigure, Double> deliver(Target target, CallbackCounter receiver, int rooms, int accountsUsed)
            throws IOException, SQLException {
        CallbackHold hold = CallbackHold.begin(target.database());
        String batch = batch();
        Map<String, String> parameters = Map.of("StatusCallback", receiver.url());
        loop.times(rooms, i -> {
                    BenchAccount account = accounts.get((int) (i % accountsUsed));
                    target.calls().create(account, batch + i, parameters);
                    target.calls().complete(account, batch + i);
                })
                .requireAllSucceeded("creates and completes");
        long callbacks = (long) rooms * CALLBACKS_PER_ROOM;
        hold.await(callbacks);
        receiver.reset();
        RestReading begin = read(target);
        hold.release();
        receiver.await(callbacks);
        RestReading end = read(target);
        receiver.awaitChecks((callbacks + CallbackCounter.CHECKED_ONE_IN - 1) / CallbackCounter.CHECKED_ONE_IN);
        CallbackCounter.Count count = receiver.count();
        if (count.forged() > 0 || count.repeats() > 0 || end.failedAttempts(begin) > 0) {
            throw new IllegalStateException("callbacks with a wrong signature: " + count.forged() + " of "
                    + count.checked() + ", repeated: " + count.repeats() + ", failed attempts: "
                    + end.failedAttempts(begin));
        }
        return end.ofCallbacks(begin, count);
    }

    // --- all parts

    /**
     * Updates the statistics of all tables. PostgreSQL does so by itself only once a minute. Until then it plans queries
     * as if the tables of the fresh database were still empty, and reads whole tables for each event.
     */
    private static void analyze(Target target) throws SQLException {
        target.database().execute(List.of("ANALYZE"));
    }

    private RestReading read(Target target) throws IOException {
        return new RestReading(
                target.node().sample(),
                server.cpuNanos(),
                ProcessUsage.of(ProcessHandle.current().pid(), clock).cpuNanos(),
                Machine.CpuTime.read());
    }

    private void put(RestSubject subject, Map<RestFigure, Double> measured) {
        figures.put(subject, measured);
        progress.say(String.format(
                Locale.ROOT, "%s%s: %,.1f/s", prefix(), subject.label(options), measured.get(RestFigure.PER_SECOND)));
    }

    /** Returns the beginning of the names of a new batch of rooms. */
    private String batch() {
        batches++;
        return "bench-" + batches + "-";
    }

    private String prefix() {
        return "run " + number + "/" + options.runs() + ": ";
    }
}
