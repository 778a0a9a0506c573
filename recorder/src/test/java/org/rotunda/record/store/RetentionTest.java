package org.rotunda.record.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.rotunda.record.store.Retention.Due;
import org.rotunda.record.store.Retention.Item;

/** Tests which media and rows are deleted. */
class RetentionTest {
    private static final Instant NOW = Instant.parse("2026-05-01T12:00:00Z");
    private static final Duration WEEK = Duration.ofDays(7);
    private static final Duration MONTH = Duration.ofDays(30);
    private static final Due NOTHING = new Due(List.of(), List.of(), List.of());
    private static final List<ObjectKey> KEYS =
            List.of(Keys.RECORDING, ObjectKey.ofSegment(Keys.RT, 0, MediaFormat.MKV));

    private static Due due(Optional<Duration> keepMedia, Item item) {
        return new Retention(keepMedia, MONTH).due(List.of(item), NOW);
    }

    private static Item completed(Duration ago) {
        return new Item(Keys.RT, KEYS, Optional.of(NOW.minus(ago)), Optional.empty());
    }

    private static Item deleted(Duration ago, List<ObjectKey> keys) {
        return new Item(Keys.RT, keys, Optional.of(NOW.minus(ago)), Optional.of(NOW.minus(ago)));
    }

    @Test
    void mediaStaysUnlessATimeIsSet() {
        assertThat(due(Optional.empty(), completed(Duration.ofDays(10_000)))).isEqualTo(NOTHING);
    }

    @Test
    void mediaExpiresWhenItsTimeIsOver() {
        assertThat(due(Optional.of(WEEK), completed(WEEK.minusMillis(1)))).isEqualTo(NOTHING);
        assertThat(due(Optional.of(WEEK), completed(WEEK))).isEqualTo(new Due(List.of(Keys.RT), List.of(), List.of()));
    }

    @Test
    void mediaThatIsNotCompleteStays() {
        Item processing = new Item(Keys.RT, KEYS, Optional.empty(), Optional.empty());
        assertThat(due(Optional.of(Duration.ZERO), processing)).isEqualTo(NOTHING);
    }

    @Test
    void theObjectsOfADeletedRowGoUntilTheRowNamesNone() {
        assertThat(due(Optional.empty(), deleted(Duration.ZERO, KEYS))).isEqualTo(new Due(List.of(), KEYS, List.of()));
        assertThat(due(Optional.empty(), deleted(MONTH, KEYS))).isEqualTo(new Due(List.of(), KEYS, List.of()));
    }

    @Test
    void aRowGoesAMonthAfterItsMedia() {
        assertThat(due(Optional.empty(), deleted(MONTH.minusMillis(1), List.of())))
                .isEqualTo(NOTHING);
        assertThat(due(Optional.empty(), deleted(MONTH, List.of())))
                .isEqualTo(new Due(List.of(), List.of(), List.of(Keys.RT)));
    }

    @Test
    void aNegativeTimeIsRefused() {
        assertThatThrownBy(() -> new Retention(Optional.of(Duration.ofDays(-1)), MONTH))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
