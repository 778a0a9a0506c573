package org.rotunda.load.janus;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.concurrent.CompletionStage;
import org.rotunda.load.bot.OtherServer;

/**
 * A bot's handle of the plugin VideoRoom (Janus documentation, "VideoRoom"). A room has one publisher, with the id
 * {@link #PUBLISHER}, and each viewer has one connection for the publisher's tracks, as clients of Janus do. Used by
 * one bot.
 */
public final class JanusGuest implements OtherServer {
    private static final long PUBLISHER = 1;

    private final JanusSession session;
    private final long room;

    /** @param room the number of a room that the server has */
    public JanusGuest(JanusSession session, long room) {
        this.session = session;
        this.room = room;
    }

    @Override
    public CompletionStage<String> publish(String offer) {
        ObjectNode join = join("joinandconfigure", "publisher");
        join.put("id", PUBLISHER);
        return session.attach()
                .thenCompose(at -> session.send(at, join, description("offer", offer)))
                .thenApply(JanusGuest::sdp);
    }

    /** Asks for the publisher's tracks. Janus offers once. */
    @Override
    public CompletionStage<Void> watch(Answerer bot) {
        ObjectNode join = join("join", "subscriber");
        join.putArray("streams").addObject().put("feed", PUBLISHER);
        return session.attach()
                .thenCompose(at -> session.send(at, join, JanusSession.object())
                        .thenCompose(event -> bot.answer(sdp(event)))
                        .thenCompose(answer -> session.send(at, start(), description("answer", answer))))
                .thenAccept(started -> {});
    }

    /** Does nothing: Janus notices that the media ends. */
    @Override
    public void leave() {}

    private static ObjectNode start() {
        ObjectNode start = JanusSession.object();
        start.put("request", "start");
        return start;
    }

    private ObjectNode join(String request, String role) {
        ObjectNode join = JanusSession.object();
        join.put("request", request);
        join.put("ptype", role);
        join.put("room", room);
        return join;
    }

    private static ObjectNode description(String type, String sdp) {
        ObjectNode description = JanusSession.object();
        description.put("type", type);
        description.put("sdp", sdp);
        return description;
    }

    private static String sdp(JsonNode event) {
        String sdp = event.path("jsep").path("sdp").asText();
        if (sdp.isEmpty()) {
            throw new IllegalStateException("Janus sent no description: " + event);
        }
        return sdp;
    }
}
