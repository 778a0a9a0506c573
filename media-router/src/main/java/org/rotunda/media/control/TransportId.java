package org.rotunda.media.control;

/**
 * Names one peer connection of one participant. A participant that is moved to a fresh peer connection gets a new id.
 *
 * @param roomSid the room; all transports of a room on a node live on one event loop
 * @param participantSid the participant whose connection this is
 * @param connectionId the id the client or the room chose for the peer connection; unique within the participant
 */
public record TransportId(String roomSid, String participantSid, String connectionId) {}
