package org.rotunda.room.pair;

import org.rotunda.room.protocol.ConnectionCandidates;
import org.rotunda.room.protocol.ConnectionDescription;

/** Receives what a {@link PairRelay} sends to the two clients of its pair. */
public interface PairOutput {
    void send(PairSide to, ConnectionDescription description);

    void send(PairSide to, ConnectionCandidates candidates);
}
