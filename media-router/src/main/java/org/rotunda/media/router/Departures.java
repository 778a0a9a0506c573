package org.rotunda.media.router;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.rotunda.media.control.TrackKind;
import org.rotunda.media.time.Deadline;
import org.rotunda.media.transport.Transport;

/**
 * The publications of one event loop whose packets wait to be forwarded. They wait until the input ends, and are then
 * forwarded transport by transport: all that goes to one client leaves together, and its state is touched once for a batch
 * of packets instead of once for each. Owned by the loop.
 *
 * <p>Audio to a large audience may wait a little longer for other audio, because packets that leave together cost much less
 * than packets that leave one by one. Video does not wait, and takes all audio along.
 */
final class Departures {
    /** The number of subscribers from which audio may wait. */
    static final int PATIENT_SUBSCRIBERS_MIN = 50;

    private final List<Fanout> waiting = new ArrayList<>();
    private final List<Transport> transports = new ArrayList<>();
    private final Consumer<Transport> forwarder;
    private final long audioWaitNanos;
    private int turn;
    private boolean impatient; // Something waits that leaves when the input ends.
    private long dueNanos = Deadline.NO_DEADLINE; // The time at which patient audio leaves.

    /**
     * @param forwarder forwards the due tracks of a transport, and handles its faults
     * @param audioWaitNanos the time that audio to a large audience may wait for other audio; 0 for none
     */
    Departures(Consumer<Transport> forwarder, long audioWaitNanos) {
        this.forwarder = forwarder;
        this.audioWaitNanos = audioWaitNanos;
    }

    /** Notes that a first packet waits in the batch of a publication. */
    void add(Fanout publication) {
        waiting.add(publication);
        impatient |= audioWaitNanos == 0
                || publication.kind() != TrackKind.AUDIO
                || publication.subscriberCount() < PATIENT_SUBSCRIBERS_MIN;
    }

    /** Passes to the other loops what waits for them, also what waits longer here. Called at the end of each input. */
    void handOver() {
        for (int i = 0; i < waiting.size(); i++) {
            waiting.get(i).handOver();
        }
    }

    /** Forwards what need not wait longer. Called at the end of each input. */
    void onInputEnd(long nowNanos) {
        if (waiting.isEmpty()) {
            return;
        }
        if (dueNanos == Deadline.NO_DEADLINE) {
            dueNanos = nowNanos + audioWaitNanos;
        }
        if (impatient || nowNanos >= dueNanos) {
            forward();
        }
    }

    long nextDeadlineNanos() {
        return dueNanos;
    }

    /** Forwards everything that waits. */
    void forward() {
        if (waiting.isEmpty()) {
            return;
        }
        handOver();
        for (int i = 0; i < waiting.size(); i++) {
            waiting.get(i).collectTo(transports);
        }
        // Another transport is the first each time, so that no client always waits for all others.
        int count = transports.size();
        turn++;
        for (int i = 0; i < count; i++) {
            forwarder.accept(transports.get((int) ((i + (long) turn) % count)));
        }
        transports.clear();
        for (int i = 0; i < waiting.size(); i++) {
            waiting.get(i).onForwarded();
        }
        waiting.clear();
        impatient = false;
        dueNanos = Deadline.NO_DEADLINE;
    }
}
