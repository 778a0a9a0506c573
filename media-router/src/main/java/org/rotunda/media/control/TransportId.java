package org.rotunda.media.control;

/**
 * Names one peer connection of one participant. Each new peer connection of the participant has a new id.
 *
 * @param roomSid the room; a transport lives on one event loop of its node
 * @param participantSid the participant that has the connection
 * @param connectionId the id that the client or the room chose for the peer connection; unique within the participant
 */
public record TransportId(String roomSid, String participantSid, String connectionId) {
    private static final int CHAR_BYTES_MAX = 3; // The maximum number of bytes of one Java char in UTF-8.

    /** Returns a generous estimate of the number of bytes of the encoded id, for limits of messages. */
    int chargedBytes() {
        return CHAR_BYTES_MAX * (roomSid.length() + participantSid.length() + connectionId.length());
    }
}
