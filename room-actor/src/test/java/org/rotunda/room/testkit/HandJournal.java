package org.rotunda.room.testkit;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.persistence.journal.Tagged;
import org.apache.pekko.persistence.testkit.JournalOperation;
import org.apache.pekko.persistence.testkit.ProcessingPolicy;
import org.apache.pekko.persistence.testkit.ProcessingResult;
import org.apache.pekko.persistence.testkit.ProcessingSuccess;
import org.apache.pekko.persistence.testkit.StorageFailure;
import org.apache.pekko.persistence.testkit.WriteEvents;
import org.apache.pekko.persistence.testkit.javadsl.PersistenceTestKit;

/** A journal in memory that fails or stalls when a test says so. Usable from any thread. */
public final class HandJournal {
    // The longest time for which a write waits. It makes a test that never releases the journal fail instead of hang.
    private static final long STALL_MAX_SECONDS = 30;

    private final PersistenceTestKit kit;
    private volatile CountDownLatch stalled = new CountDownLatch(0);

    public HandJournal(PersistenceTestKit kit) {
        this.kit = kit;
    }

    /** Makes writes and reads fail until {@link #returns}. */
    public void goesAway() {
        kit.withPolicy((ProcessingPolicy<JournalOperation>) (persistenceId, operation) -> failure());
    }

    /** Makes writes of one kind of event fail until {@link #returns}. */
    public void refuses(Class<?> event) {
        kit.withPolicy((ProcessingPolicy<JournalOperation>) (persistenceId, operation) -> operation
                                instanceof WriteEvents write
                        && write.getBatch().stream().map(HandJournal::untagged).anyMatch(event::isInstance)
                ? failure()
                : ProcessingSuccess.getInstance());
    }

    /** Makes writes wait until {@link #returns}. */
    public void stalls() {
        CountDownLatch latch = new CountDownLatch(1);
        stalled = latch;
        kit.withPolicy((ProcessingPolicy<JournalOperation>) (persistenceId, operation) -> {
            if (operation instanceof WriteEvents && !await(latch)) {
                return failure();
            }
            return ProcessingSuccess.getInstance();
        });
    }

    /** Makes writes and reads work again. */
    public void returns() {
        kit.resetPolicy();
        stalled.countDown();
    }

    private static boolean await(CountDownLatch latch) {
        try {
            return latch.await(STALL_MAX_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static Object untagged(Object written) {
        return written instanceof Tagged tagged ? tagged.payload() : written;
    }

    private static ProcessingResult failure() {
        return StorageFailure.create(new IllegalStateException("the journal is away"));
    }
}
