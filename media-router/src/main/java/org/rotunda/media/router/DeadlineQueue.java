package org.rotunda.media.router;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.rotunda.media.time.Deadline;

/**
 * A binary heap with one deadline for each owner. Moving a deadline allocates nothing. Owned by one event loop.
 *
 * @param <T> the type of the owners, which are compared by identity
 */
final class DeadlineQueue<T> {
    private final IdentityHashMap<T, Entry<T>> entries = new IdentityHashMap<>();
    private final List<Entry<T>> heap = new ArrayList<>();

    /** Sets the owner's deadline; {@link Deadline#NO_DEADLINE} removes it. */
    void set(T owner, long deadlineNanos) {
        Entry<T> entry = entries.get(owner);
        if (deadlineNanos == Deadline.NO_DEADLINE) {
            if (entry != null) {
                entries.remove(owner);
                takeOut(entry);
            }
            return;
        }
        if (entry == null) {
            entry = new Entry<>(owner);
            entries.put(owner, entry);
        }
        if (entry.index == Entry.OUTSIDE) {
            entry.deadlineNanos = deadlineNanos;
            entry.index = heap.size();
            heap.add(entry);
            up(entry);
        } else if (entry.deadlineNanos != deadlineNanos) {
            boolean earlier = deadlineNanos < entry.deadlineNanos;
            entry.deadlineNanos = deadlineNanos;
            if (earlier) {
                up(entry);
            } else {
                down(entry);
            }
        }
    }

    /**
     * Removes the earliest deadline if it has passed, and returns its owner. Returns null if no deadline has passed.
     */
    @Nullable
    T pollDue(long nowNanos) {
        if (heap.isEmpty() || heap.get(0).deadlineNanos > nowNanos) {
            return null;
        }
        Entry<T> first = heap.get(0);
        takeOut(first);
        return first.owner;
    }

    long nextNanos() {
        return heap.isEmpty() ? Deadline.NO_DEADLINE : heap.get(0).deadlineNanos;
    }

    int size() {
        return heap.size();
    }

    private void takeOut(Entry<T> entry) {
        if (entry.index == Entry.OUTSIDE) {
            return;
        }
        Entry<T> last = heap.remove(heap.size() - 1);
        if (last != entry) {
            place(last, entry.index);
            up(last);
            down(last);
        }
        entry.index = Entry.OUTSIDE;
    }

    private void up(Entry<T> entry) {
        while (entry.index > 0) {
            Entry<T> parent = heap.get((entry.index - 1) / 2);
            if (parent.deadlineNanos <= entry.deadlineNanos) {
                return;
            }
            swap(entry, parent);
        }
    }

    private void down(Entry<T> entry) {
        while (true) {
            Entry<T> smallest = smaller(entry, 2 * entry.index + 1);
            smallest = smaller(smallest, 2 * entry.index + 2);
            if (smallest == entry) {
                return;
            }
            swap(smallest, entry);
        }
    }

    private Entry<T> smaller(Entry<T> entry, int index) {
        return index < heap.size() && heap.get(index).deadlineNanos < entry.deadlineNanos ? heap.get(index) : entry;
    }

    private void swap(Entry<T> one, Entry<T> other) {
        int index = one.index;
        place(one, other.index);
        place(other, index);
    }

    private void place(Entry<T> entry, int index) {
        entry.index = index;
        heap.set(index, entry);
    }

    private static final class Entry<T> {
        private static final int OUTSIDE = -1;

        private final T owner;
        private long deadlineNanos;
        private int index = OUTSIDE;

        private Entry(T owner) {
            this.owner = owner;
        }
    }
}
