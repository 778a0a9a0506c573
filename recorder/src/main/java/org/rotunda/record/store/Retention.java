package org.rotunda.record.store;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Decides which media and which rows are to be deleted. Pure: the caller deletes, and asks again later with what is
 * still there. All deletions may be repeated.
 *
 * @param keepMedia the time for which media stays after it was completed; nothing for media that stays until the
 *     application deletes it, as the vendor does
 * @param keepRows the time for which the row stays after its media was deleted; 30 days at the vendor
 */
public record Retention(Optional<Duration> keepMedia, Duration keepRows) {
    public Retention {
        if (keepRows.isNegative() || keepMedia.map(Duration::isNegative).orElse(false)) {
            throw new IllegalArgumentException("a keep time must not be negative");
        }
    }

    /**
     * A recording or a composition, as its row has it.
     *
     * @param sid its SID
     * @param keys the objects that it has in our own store: one file, or several segments; none for an account's bucket
     * @param completedAt when its media was complete
     * @param deletedAt when it was deleted by the application or by this rule
     */
    public record Item(String sid, List<ObjectKey> keys, Optional<Instant> completedAt, Optional<Instant> deletedAt) {
        public Item {
            keys = List.copyOf(keys);
        }
    }

    /**
     * The deletions that are due. The three steps come in this order: first the row says deleted, then the objects go,
     * then their keys are taken from the row. A process that dies in between finds the rest at the next look.
     *
     * @param expired the SIDs whose rows are to be marked as deleted
     * @param objects the objects of rows that are marked as deleted
     * @param forgotten the SIDs whose rows go, because no object of theirs is left and their keep time is over
     */
    public record Due(List<String> expired, List<ObjectKey> objects, List<String> forgotten) {
        public Due {
            expired = List.copyOf(expired);
            objects = List.copyOf(objects);
            forgotten = List.copyOf(forgotten);
        }
    }

    /** Returns what is due now. Media that is not complete is never due. */
    public Due due(List<Item> items, Instant now) {
        List<String> expired = new ArrayList<>();
        List<ObjectKey> objects = new ArrayList<>();
        List<String> forgotten = new ArrayList<>();
        for (Item item : items) {
            if (item.deletedAt().isEmpty()) {
                if (isOver(item.completedAt(), keepMedia, now)) {
                    expired.add(item.sid());
                }
            } else if (!item.keys().isEmpty()) {
                objects.addAll(item.keys());
            } else if (isOver(item.deletedAt(), Optional.of(keepRows), now)) {
                forgotten.add(item.sid());
            }
        }
        return new Due(expired, objects, forgotten);
    }

    private static boolean isOver(Optional<Instant> since, Optional<Duration> keep, Instant now) {
        return since.isPresent()
                && keep.isPresent()
                && !now.isBefore(since.orElseThrow().plus(keep.orElseThrow()));
    }
}
