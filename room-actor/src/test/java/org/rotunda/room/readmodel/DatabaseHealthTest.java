package org.rotunda.room.readmodel;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DatabaseHealthTest {
    private static final Duration SOON = Duration.ofMillis(5);

    private final HandDatabase database = new HandDatabase();
    private final BlockingQueue<DatabaseChanged> changes = new LinkedBlockingQueue<>();

    @Test
    void tellsWhenTheDatabaseGoesAndComes() throws InterruptedException {
        try (DatabaseHealth health = DatabaseHealth.start(database, SOON)) {
            health.onChange(changes::add);

            database.there.set(false);
            assertThat(next()).isEqualTo(new DatabaseChanged(true));
            assertThat(health.isAway()).isTrue();

            database.there.set(true);
            assertThat(next()).isEqualTo(new DatabaseChanged(false));
            assertThat(health.isAway()).isFalse();
        }
        assertThat(database.closed.poll(20, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void asksAtOnceWhenSomebodySuspects() throws InterruptedException {
        try (DatabaseHealth health = DatabaseHealth.start(database, Duration.ofHours(1))) {
            health.onChange(changes::add);
            assertThat(database.asked.poll(20, TimeUnit.SECONDS)).isNotNull();
            database.there.set(false);

            health.suspect();

            assertThat(next()).isEqualTo(new DatabaseChanged(true));
        }
    }

    @ParameterizedTest
    @CsvSource({"08006, true", "57P01, true", "57P03, true", "53300, true", "23505, false", "42P01, false", ", false"})
    void tellsAnAbsentDatabaseFromAMistake(@Nullable String state, boolean absence) {
        assertThat(Database.isAbsence(new IllegalStateException(new SQLException("why", state))))
                .isEqualTo(absence);
        assertThat(Database.isAbsence(new SQLTransientConnectionException("pool is empty")))
                .isTrue();
        assertThat(Database.isAbsence(null)).isFalse();
    }

    private DatabaseChanged next() throws InterruptedException {
        DatabaseChanged change = changes.poll(20, TimeUnit.SECONDS);
        assertThat(change).isNotNull();
        return change == null ? new DatabaseChanged(false) : change;
    }

    /** A database that the test makes available or unavailable. */
    private static final class HandDatabase implements DatabaseHealth.Probe {
        private final AtomicBoolean there = new AtomicBoolean(true);
        private final AtomicInteger questions = new AtomicInteger();
        private final BlockingQueue<Integer> asked = new LinkedBlockingQueue<>();
        private final BlockingQueue<Boolean> closed = new LinkedBlockingQueue<>();

        @Override
        public void ask() throws SQLException {
            asked.add(questions.incrementAndGet());
            if (!there.get()) {
                throw new SQLException("away", "08001");
            }
        }

        @Override
        public void close() {
            closed.add(true);
        }
    }
}
