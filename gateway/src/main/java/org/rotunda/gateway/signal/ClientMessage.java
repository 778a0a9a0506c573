package org.rotunda.gateway.signal;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.rotunda.room.protocol.BandwidthProfile;
import org.rotunda.room.protocol.ClientParticipant;
import org.rotunda.room.protocol.ConnectionCandidates;
import org.rotunda.room.protocol.ConnectionDescription;
import org.rotunda.room.protocol.TrackRule;

/**
 * A message from a client, in version 2 of Twilio's Room Signaling Protocol (RSP). ICE candidates go to the room, which
 * reads them only if it has no media server: an ICE-lite server learns addresses from the connectivity checks.
 */
public sealed interface ClientMessage {

    /** Asks for ICE servers. The token is checked before the answer. */
    record Ice(String token) implements ClientMessage {
        @Override
        public String toString() {
            return "Ice[token=…]";
        }
    }

    /**
     * Asks to join a room.
     *
     * @param name the unique name or SID of the room; null asks for the room in the token's grant, or for a new room
     *     without a name if the grant names no room
     * @param offer the first description of the peer connection
     * @param subscribeRules the rules that decide at first which tracks the client receives
     * @param channels the names of the requested media-signaling channels
     * @param bandwidthProfile how the client wants its incoming bandwidth to be used; null if it does not say
     */
    record Connect(
            @Nullable String name,
            String token,
            ClientParticipant participant,
            ConnectionDescription offer,
            List<TrackRule> subscribeRules,
            Set<String> channels,
            @Nullable BandwidthProfile bandwidthProfile)
            implements ClientMessage {
        public Connect {
            subscribeRules = List.copyOf(subscribeRules);
            channels = Set.copyOf(channels);
        }

        @Override
        public String toString() {
            return "Connect[name=" + name + ", token=…]";
        }
    }

    /** Resumes a session on this socket. */
    record Sync(String session, String token, ClientParticipant participant, List<ConnectionDescription> descriptions)
            implements ClientMessage {
        public Sync {
            descriptions = List.copyOf(descriptions);
        }

        @Override
        public String toString() {
            return "Sync[session=…, token=…]";
        }
    }

    /**
     * Reports changes at the client.
     *
     * @param participant the new state of the participant; null if the state has not changed
     */
    record Update(
            @Nullable ClientParticipant participant,
            List<ConnectionDescription> descriptions,
            List<ConnectionCandidates> candidates)
            implements ClientMessage {
        public Update {
            descriptions = List.copyOf(descriptions);
            candidates = List.copyOf(candidates);
        }
    }

    record Disconnect() implements ClientMessage {}
}
