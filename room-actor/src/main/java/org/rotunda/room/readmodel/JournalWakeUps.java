package org.rotunda.room.readmodel;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * The wake-ups of those who read the journal by tags. A reader is woken when a room of this node has written an event
 * with its tag. Rooms of other nodes are not heard here, so all readers are also woken from time to time: each {@link
 * #SHARED_NANOS} while other nodes have rooms, each {@link #ALONE_NANOS} otherwise, in case a wake-up was lost. So the
 * database of an idle node is hardly asked. Safe to use from any thread.
 */
public final class JournalWakeUps {
    /** The time between two wake-ups of all readers while other nodes have rooms, and the interval of the timer. */
    static final long SHARED_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    /** The time between two wake-ups of all readers while no other node has rooms. */
    static final long ALONE_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final Map<String, Set<Reader>> readers = new ConcurrentHashMap<>();
    private long allNanos; // The time of the last wake-up of all readers. Only the timer uses it.

    /** One who reads the events with a tag. */
    @FunctionalInterface
    interface Reader {
        /** Asks the reader to look for new events soon, and returns whether it still reads. Must not block. */
        boolean wake();
    }

    /** Creates wake-ups without readers. */
    public JournalWakeUps(long nowNanos) {
        allNanos = nowNanos;
    }

    /** Wakes the readers of a tag, because an event with this tag has been written. Does not block. */
    public void written(String tag) {
        Set<Reader> woken = readers.get(tag);
        if (woken != null) {
            woken.removeIf(reader -> !reader.wake());
        }
    }

    /** Adds a reader, and wakes the readers of its tag. A reader is removed when it says that it no longer reads. */
    void add(String tag, Reader reader) {
        // The reader is added first: an event that is written while it looks for the first time wakes it again.
        readers.computeIfAbsent(tag, added -> ConcurrentHashMap.newKeySet()).add(reader);
        written(tag);
    }

    /**
     * Wakes all readers if it is time. One timer calls this each {@link #SHARED_NANOS}.
     *
     * @param isAlone true if no other node has rooms
     */
    void onTimeout(boolean isAlone, long nowNanos) {
        if (!isAlone || nowNanos - allNanos >= ALONE_NANOS) {
            allNanos = nowNanos;
            readers.keySet().forEach(this::written);
        }
    }
}
