package org.rotunda.media.router;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.rotunda.media.transport.Transport;

/**
 * The publications of one event loop whose packets wait to be forwarded. They wait until the input ends, and are then
 * forwarded transport by transport: all that goes to one client leaves together, and its state is touched once for a batch
 * of packets instead of once for each. Owned by the loop.
 */
final class Departures {
    private final List<Publication> waiting = new ArrayList<>();
    private final List<Transport> transports = new ArrayList<>();
    private final Consumer<Transport> forwarder;
    private int turn;

    /** @param forwarder forwards the due tracks of a transport, and handles its faults */
    Departures(Consumer<Transport> forwarder) {
        this.forwarder = forwarder;
    }

    /** Notes that a first packet waits in the batch of a publication. */
    void add(Publication publication) {
        waiting.add(publication);
    }

    /** Forwards everything that waits. */
    void forward() {
        if (waiting.isEmpty()) {
            return;
        }
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
    }
}
