package org.rotunda.room.protocol;

import java.time.Instant;

/**
 * A report that a client's SDK has sent about itself. The texts are the client's, apart from the account and the room,
 * which were checked.
 *
 * @param participant the SID of the participant, as the client has named it
 * @param session the id of the client's connection to the gateway
 * @param level the severity, such as {@code info}; empty if the client has named none
 * @param happenedAt the time by the client's clock
 * @param payload a JSON object in ASCII
 */
public record InsightsEvent(
        AccountSid account,
        RoomSid room,
        ParticipantSid participant,
        String session,
        String group,
        String name,
        String level,
        Instant happenedAt,
        Instant receivedAt,
        String payload) {}
