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
 * The journal in which sharding notes which rooms it has started, so that it starts them again elsewhere. Pekko restarts a whole shard,
 * and so ends every live call in it, when such a note cannot be written or takes longer than {@code updating-state-timeout}. Here a
 * note that is not written soon counts as written and is tried until it is, in order.
 *
 * <p>What can get lost is the note of a room that was started while the database was away, if the node ends before the database is
 * back. Nothing was journalled of such a room, unless in the moment between: then it wakes up when it is asked for, which every
 * connect to its name does. A note too many starts an entity that is over; it goes to sleep again.
 */
public final class ShardingJournal extends JdbcAsyncWriteJournal {
    /** Well below {@code updating-state-timeout}; well above what a write takes when the database is there. */
    static final Duration PATIENCE = Duration.ofSeconds(1);

    private static final Duration RETRY = Duration.ofMillis(500);
    private static final String CONSTRAINT_VIOLATED = "23"; // A class of SQLSTATE.
    private static final Logger LOG = LoggerFactory.getLogger(ShardingJournal.class);

    private final ActorSystem actors = context().system();
    private final Map<String, CompletableFuture<Seq<Try<BoxedUnit>>>> lastWrites = new ConcurrentHashMap<>();

    /** Called by Pekko. */
    public ShardingJournal(Config config) {
        super(config);
    }

    @Override
    public Future<Seq<Try<BoxedUnit>>> asyncWriteMessages(Seq<AtomicWrite> messages) {
        String shard = messages.head().persistenceId();
        CompletableFuture<Seq<Try<BoxedUnit>>> before =
                lastWrites.getOrDefault(shard, CompletableFuture.completedFuture(nothingRefused()));
        CompletableFuture<Seq<Try<BoxedUnit>>> written = before.handle((done, failure) -> failure)
                .thenCompose(ignored -> until(shard, () -> journalDao().asyncWriteMessages(messages), true))
                .toCompletableFuture();
        lastWrites.put(shard, written);
        return FutureConverters.asScala(written.whenComplete((done, failure) -> lastWrites.remove(shard, written))
                .completeOnTimeout(nothingRefused(), PATIENCE.toMillis(), TimeUnit.MILLISECONDS));
    }

    /** Not before everything is written that counts as written. */
    @Override
    public Future<Object> asyncReadHighestSequenceNr(String persistenceId, long fromSequenceNr) {
        CompletableFuture<Seq<Try<BoxedUnit>>> last = lastWrites.get(persistenceId);
        return last == null
                ? journalDao().highestSequenceNr(persistenceId, fromSequenceNr)
                : FutureConverters.asScala(last.handle((done, failure) -> failure)
                        .thenCompose(ignored -> FutureConverters.asJava(
                                journalDao().highestSequenceNr(persistenceId, fromSequenceNr))));
    }

    /** Tries until it is written, or until it is sure that it cannot be. */
    private CompletionStage<Seq<Try<BoxedUnit>>> until(
            String shard, Supplier<Future<Seq<Try<BoxedUnit>>>> write, boolean first) {
        return FutureConverters.asJava(write.get()).exceptionallyCompose(failure -> {
            if (!mayPass(failure)) {
                if (first) {
                    return CompletableFuture.failedFuture(failure);
                }
                // Written by the attempt before, whose answer was lost, or by another node that has the shard by now.
                LOG.info("A note of shard {} is there already: {}", shard, failure.getMessage());
                return CompletableFuture.completedFuture(nothingRefused());
            }
            if (first) {
                LOG.warn("A note of shard {} is written later: {}", shard, failure.getMessage());
            }
            return Patterns.after(RETRY, actors.getScheduler(), actors.dispatcher(), () -> until(shard, write, false));
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

    /** One answer for each write is only needed when some are refused. */
    private static Seq<Try<BoxedUnit>> nothingRefused() {
        return CollectionConverters.asScala(List.<Try<BoxedUnit>>of()).toList();
    }
}
