package org.rotunda.media.router;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The part that one publisher may have of the queue to another event loop, so that a publisher that sends too much, or a loop
 * that is slow, does not cost other publishers their packets. One thread passes, and one thread takes.
 */
public final class RelayShare {
    /** The largest number of packets under way, a quarter of the queue: over 300 ms of three encodings of 720p. */
    static final int PACKETS_MAX = 1_024;

    /** The largest number of bytes under way. A single message may be longer. */
    static final int BYTES_MAX = 2 * 1024 * 1024;

    private final AtomicLong taken = new AtomicLong();
    private final AtomicLong takenBytes = new AtomicLong();
    private long passed; // Belongs to the passing thread, like the next three fields.
    private long passedBytes;
    private long takenSeen;
    private long takenBytesSeen;

    /** Returns whether another packet of so many bytes may be passed. Called by the passing thread. */
    boolean hasRoom(int lengthBytes) {
        if (fits(lengthBytes)) {
            return true;
        }
        // The other thread's counts are read only now, because each read may wait for the other processor.
        takenSeen = taken.getAcquire();
        takenBytesSeen = takenBytes.getAcquire();
        return fits(lengthBytes);
    }

    private boolean fits(int lengthBytes) {
        long bytes = passedBytes - takenBytesSeen;
        return passed - takenSeen < PACKETS_MAX && (bytes == 0 || bytes + lengthBytes <= BYTES_MAX);
    }

    /** Notes a packet that was passed. Called by the passing thread. */
    void onPassed(int lengthBytes) {
        passed++;
        passedBytes += lengthBytes;
    }

    /** Notes a packet that was taken out of the queue. Called by the taking thread. */
    public void onTaken(int lengthBytes) {
        takenBytes.setRelease(takenBytes.getPlain() + lengthBytes);
        taken.setRelease(taken.getPlain() + 1);
    }
}
