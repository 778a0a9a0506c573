package org.rotunda.room.readmodel;

import com.typesafe.config.Config;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.pattern.Patterns;
import org.apache.pekko.persistence.AtomicWrite;
import org.apache.pekko.persistence.jdbc.journal.JdbcAsyncWriteJournal;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.collection.immutable.Seq;
import scala.concurrent.Future;
import scala.jdk.javaapi.CollectionConverters;
import scala.jdk.javaapi.FutureConverters;
import scala.runtime.BoxedUnit;
import scala.util.Try;

/**
 * The journal in which cluster sharding notes the rooms that it has started, so that it can start them again on another
 * node. If Pekko cannot write such a note within {@code updating-state-timeout}, it restarts the whole shard, and every
 * live call in the shard ends. To avoid this, the journal reports a note as written after {@link #PATIENCE}. It repeats
 * the write in the background until the write succeeds.
 *
 * <p>A note is lost if the room starts while the database is away, and the node ends before the database is back. Such
 * a room starts again when it next gets a command. If a note is written twice, sharding may start the entity of a room
 * that is over. That entity soon stops again.
 */
public final class ShardingJournal extends JdbcAsyncWriteJournal {
    /**
     * The time after which a note is reported as written. It is well below {@code updating-state-timeout}, and well
     * above the normal time of a write.
     */
    static final Duration PATIENCE = Duration.ofSeconds(1);

    private static final Duration RETRY = Duration.ofMillis(500);
    private static final String CONSTRAINT_VIOLATED = "23"; // The first two digits of the SQLSTATE.
    private static final Logger LOG = LoggerFactory.getLogger(ShardingJournal.class);

    private final ActorSystem actors = context().system();
    private final Map<String, CompletableFuture<Seq<Try<BoxedUnit>>>> lastWrites = new ConcurrentHashMap<>();

    /** Creates the journal. Pekko calls this constructor. */
    public ShardingJournal(Config config) {
        super(config);
    }

    @Override
    public Future<Seq<Try<BoxedUnit>>> asyncWriteMessages(Seq<AtomicWrite> messages) {
        String shard = messages.head().persistenceId();
        CompletableFuture<Seq<Try<BoxedUnit>>> before =
                lastWrites.getOrDefault(shard, CompletableFuture.completedFuture(nothingRefused()));
        CompletableFuture<Seq<Try<BoxedUnit>>> written = before.handle((done, failure) -> failure)
                .thenCompose(ignored -> repeat(shard, () -> journalDao().asyncWriteMessages(messages), true))
                .toCompletableFuture();
        lastWrites.put(shard, written);
        return FutureConverters.asScala(written.whenComplete((done, failure) -> lastWrites.remove(shard, written))
                .completeOnTimeout(nothingRefused(), PATIENCE.toMillis(), TimeUnit.MILLISECONDS));
    }

    /**
     * Reads the highest sequence number in the journal of this shard, after all notes of the shard are really written.
     */
    @Override
    public Future<Object> asyncReadHighestSequenceNr(String persistenceId, long fromSequenceNr) {
        CompletableFuture<Seq<Try<BoxedUnit>>> last = lastWrites.get(persistenceId);
        return last == null
                ? journalDao().highestSequenceNr(persistenceId, fromSequenceNr)
                : FutureConverters.asScala(last.handle((done, failure) -> failure)
                        .thenCompose(ignored -> FutureConverters.asJava(
                                journalDao().highestSequenceNr(persistenceId, fromSequenceNr))));
    }

    /** Repeats the write until it succeeds or violates a constraint. */
    private CompletionStage<Seq<Try<BoxedUnit>>> repeat(
            String shard, Supplier<Future<Seq<Try<BoxedUnit>>>> write, boolean first) {
        return FutureConverters.asJava(write.get()).exceptionallyCompose(failure -> {
            if (!mayPass(failure)) {
                if (first) {
                    return CompletableFuture.failedFuture(failure);
                }
                // Either an earlier attempt wrote the note and the database's answer was lost, or another node now has
                // the shard.
                LOG.info("A note of shard {} is there already: {}", shard, failure.getMessage());
                return CompletableFuture.completedFuture(nothingRefused());
            }
            if (first) {
                LOG.warn("A note of shard {} is written later: {}", shard, failure.getMessage());
            }
            return Patterns.after(RETRY, actors.getScheduler(), actors.dispatcher(), () -> repeat(shard, write, false));
        });
    }

    private static boolean mayPass(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql
                    && sql.getSQLState() != null
                    && sql.getSQLState().startsWith(CONSTRAINT_VIOLATED)) {
                return false;
            }
        }
        return true;
    }

    /**
     * Returns the result that reports all writes as accepted. The result is empty, because Pekko needs one element for
     * each write only if some writes are refused.
     */
    private static Seq<Try<BoxedUnit>> nothingRefused() {
        return CollectionConverters.asScala(List.<Try<BoxedUnit>>of()).toList();
    }
}
