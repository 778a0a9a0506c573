package org.rotunda.load.bench;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.rotunda.load.process.JdkHome;

/**
 * The options of the REST bench.
 *
 * @param parts the parts that are measured
 * @param roomsListed the number of completed rooms in the database while anything is measured
 * @param callers the number of connections, each of which sends its next request when it has the answer to the last
 * @param warmUp the time of requests before the creates, and before the lists
 * @param measure the length of each measurement of creates and of one kind of page
 * @param runs the number of runs, each with a fresh node and a fresh database
 * @param callbackRooms the number of rooms of each measurement of callbacks; each room causes two callbacks
 * @param accounts the number of accounts of the measurement with several accounts
 * @param accountInFlight the bound of callbacks in flight for the measurement with a raised bound; 0 leaves it out
 * @param database a database that exists and is empty; if absent, the bench starts a PostgreSQL of its own
 * @param jdk the JDK of the node
 * @param directory the directory of logs and results
 * @param top the root of the checkout, which contains the built node
 */
record RestOptions(
        Set<RestPart> parts,
        int roomsListed,
        int callers,
        Duration warmUp,
        Duration measure,
        int runs,
        int callbackRooms,
        int accounts,
        int accountInFlight,
        Optional<DatabaseAccess> database,
        JdkHome jdk,
        Path directory,
        Path top) {
    /** The fewest rooms to list. The first, the last and a page between them must be different pages. */
    static final int ROOMS_LISTED_MIN = 4 * ListPages.SIZE;

    /** The shortest measurement. A shorter one has too few requests for a 99th percentile. */
    private static final Duration MEASURE_MIN = Duration.ofSeconds(1);

    RestOptions {
        parts = Set.copyOf(parts);
        require(!parts.isEmpty(), "name at least one part");
        require(
                roomsListed >= ROOMS_LISTED_MIN || (roomsListed == 0 && !parts.contains(RestPart.LISTS)),
                "--rooms-listed must be at least " + ROOMS_LISTED_MIN + ", or 0 if lists are not measured");
        require(callers >= 1, "--callers must be at least 1");
        require(measure.compareTo(MEASURE_MIN) >= 0, "--measure must be at least " + MEASURE_MIN.toSeconds() + " s");
        require(runs >= 1, "--runs must be at least 1");
        require(callbackRooms >= 1, "--callback-rooms must be at least 1");
        require(accounts >= 1, "--accounts must be at least 1");
        require(accountInFlight >= 0, "--account-in-flight must not be negative");
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }
}
