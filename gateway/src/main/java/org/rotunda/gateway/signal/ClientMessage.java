package org.rotunda.gateway.signal;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.rotunda.room.protocol.ClientParticipant;
import org.rotunda.room.protocol.ConnectionDescription;

/**
 * A message from a client: the RSP version 2 layer. Clients' ICE candidates are read over: a server that is ICE-lite learns
 * addresses from the checks themselves.
 */
public sealed interface ClientMessage {

    /** Asks for ICE servers; the token is checked here already. */
    record Ice(String token) implements ClientMessage {
        @Override
        public String toString() {
            return "Ice[token=…]";
        }
    }

    /**
     * Asks to be let in.
     *
     * @param name unique name or SID; null asks for a room of one's own
     * @param automaticSubscription false starts with nothing subscribed
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

    /** Takes a session over to this socket. */
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
     * What changed at the client.
     *
     * @param participant null when it is as before
     */
    record Update(@Nullable ClientParticipant participant, List<ConnectionDescription> descriptions)
            implements ClientMessage {
        public Update {
            descriptions = List.copyOf(descriptions);
        }
    }

    record Disconnect() implements ClientMessage {}
}
