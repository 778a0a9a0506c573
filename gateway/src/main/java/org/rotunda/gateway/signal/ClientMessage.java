package org.rotunda.gateway.signal;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.rotunda.room.protocol.ClientParticipant;
import org.rotunda.room.protocol.ConnectionDescription;

/**
 * A message from a client: the RSP version 2 layer. Clients' ICE candidates are skipped: an ICE-lite server learns
 * addresses from the connectivity checks.
 */
public sealed interface ClientMessage {

    /** Asks for ICE servers; carries the token, which is checked before the answer. */
    record Ice(String token) implements ClientMessage {
        @Override
        public String toString() {
            return "Ice[token=…]";
        }
    }

    /**
     * Asks to join a room.
     *
     * @param name unique name or SID of the room; null asks for a new room without a name
     * @param automaticSubscription false if nothing is subscribed at first
     * @param channels names of the media-signaling channels asked for
     * @param offer the first description of the one peer connection
     */
    record Connect(
            @Nullable String name,
            String token,
            ClientParticipant participant,
            ConnectionDescription offer,
            boolean automaticSubscription,
            Set<String> channels)
            implements ClientMessage {
        public Connect {
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
     * @param participant null if unchanged
     */
    record Update(@Nullable ClientParticipant participant, List<ConnectionDescription> descriptions)
            implements ClientMessage {
        public Update {
            descriptions = List.copyOf(descriptions);
        }
    }

    record Disconnect() implements ClientMessage {}
}
