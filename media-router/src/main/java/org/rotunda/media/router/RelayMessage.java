package org.rotunda.media.router;

import org.jspecify.annotations.Nullable;
import org.rotunda.media.transport.RelayedTrack;

/**
 * What one event loop tells another about a room that is on both. The messages are immutable. A message may be lost, when
 * the queue between the loops is full; it is then sent again, or what it asks for is asked for again.
 */
public sealed interface RelayMessage {
    /** The value of {@link Wish#encodings} that ends the relay of a track. */
    int DETACH = -1;

    /** The tracks of a room in its directory have changed. */
    record TracksChanged(String roomSid) implements RelayMessage {}

    /**
     * Asks the publisher's loop to hand over a track, or to hand over more or less of it. Answered by {@link Described}.
     *
     * @param publication the number of the publication, as the directory has it
     * @param loop the loop that asks
     * @param encodings the number of encodings that are wanted, from the lowest; 0 for none at present, {@link #DETACH} to
     *     end the relay
     */
    record Wish(String roomSid, String trackSid, long publication, int loop, RelayEnd to, int encodings)
            implements RelayMessage {}

    /**
     * The state of a track, from which the other loop goes on.
     *
     * @param encodings the number of encodings that are handed over from now on
     * @param state null while the publisher's client sends no media for the track
     */
    record Described(RelayEnd to, int encodings, RelayedTrack.@Nullable State state) implements RelayMessage {}

    /** A sender report of the publisher's client. */
    record SenderReported(RelayEnd to, int encoding, long ntpTimestamp, int rtpTimestamp) implements RelayMessage {}

    /** Asks the publisher's loop for a key frame. */
    record KeyFrameNeeded(String roomSid, String trackSid, long publication, int encoding) implements RelayMessage {}

    /** Asks the publisher's loop for a packet that the other loop does not have. */
    record PacketMissing(String roomSid, String trackSid, long publication, int loop, int encoding, int sequenceNumber)
            implements RelayMessage {}

    /** Goes with a message of a data track. */
    record DataMessage(String roomSid, String trackSid, long publication) implements RelayMessage {}
}
