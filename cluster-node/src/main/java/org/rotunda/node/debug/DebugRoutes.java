package org.rotunda.node.debug;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.pekko.actor.AbstractExtensionId;
import org.apache.pekko.actor.ClassicActorSystemProvider;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.actor.ExtensionIdProvider;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.http.javadsl.server.AllDirectives;
import org.apache.pekko.http.javadsl.server.PathMatchers;
import org.apache.pekko.http.javadsl.server.Route;
import org.apache.pekko.management.javadsl.ManagementRouteProvider;
import org.apache.pekko.management.javadsl.ManagementRouteProviderSettings;
import org.jspecify.annotations.Nullable;
import org.rotunda.media.control.MediaRouter;
import org.rotunda.node.management.JsonAnswers;
import org.rotunda.room.protocol.Failures;
import org.rotunda.room.protocol.RoomInspection;
import org.rotunda.room.protocol.RoomRefusal;
import org.rotunda.room.protocol.RoomSid;
import org.rotunda.room.protocol.Rooms;

/**
 * Serves descriptions of rooms on the management port. {@code /debug/rooms/SID} describes a room on any node of the
 * cluster. {@code /debug/router/SID} describes the room's media on this node. docs/operations.md explains the fields.
 */
public final class DebugRoutes extends AllDirectives implements ManagementRouteProvider {
    /** The time limit for the answer of a media router. */
    private static final Duration ANSWER_MAX = Duration.ofSeconds(5);

    private static final ObjectMapper JSON = JsonMapper.builder().build();

    private volatile @Nullable Sources sources; // Null until the node has started its parts.

    /** The parts of a node that are asked about rooms. */
    private record Sources(Optional<Rooms> rooms, Optional<MediaRouter> router) {}

    public static DebugRoutes of(ClassicActorSystemProvider system) {
        return Id.INSTANCE.get(system);
    }

    /**
     * Begins to answer requests.
     *
     * @param rooms the rooms of the cluster; empty if this node does not reach them
     * @param router the media router of this process; empty if the process has none
     */
    public void serve(Optional<Rooms> rooms, Optional<MediaRouter> router) {
        sources = new Sources(rooms, router);
    }

    @Override
    public Route routes(ManagementRouteProviderSettings settings) {
        return get(() -> pathPrefix(
                "debug",
                () -> concat(
                        path(
                                PathMatchers.segment("rooms").slash(PathMatchers.segment()),
                                sid -> answer(sid, this::room)),
                        path(
                                PathMatchers.segment("router").slash(PathMatchers.segment()),
                                sid -> answer(sid, this::router)))));
    }

    private interface Question {
        CompletionStage<HttpResponse> ask(Sources sources, String sid);
    }

    private Route answer(String sid, Question question) {
        Sources known = sources;
        if (known == null) {
            return complete(JsonAnswers.error(StatusCodes.SERVICE_UNAVAILABLE, "the node is starting"));
        }
        if (!RoomSid.isValid(sid)) {
            return complete(JsonAnswers.error(
                    StatusCodes.BAD_REQUEST, "not a room SID: it is RM and 32 lower-case hex digits"));
        }
        return completeWithFuture(question.ask(known, sid).exceptionally(DebugRoutes::failure));
    }

    private CompletionStage<HttpResponse> room(Sources known, String sid) {
        return known.rooms()
                .map(rooms -> rooms.inspect(new RoomSid(sid))
                        .thenApply(RoomInspection::json)
                        .thenApply(JsonAnswers::ok))
                .orElseGet(() -> CompletableFuture.completedFuture(JsonAnswers.error(
                        StatusCodes.NOT_FOUND, "this node does not reach rooms: ask a node with the role room")));
    }

    private CompletionStage<HttpResponse> router(Sources known, String sid) {
        return known.router()
                .map(router -> router.describeRoom(sid)
                        .thenApply(view -> view.map(DebugRoutes::write)
                                .map(JsonAnswers::ok)
                                .orElseGet(() -> JsonAnswers.error(
                                        StatusCodes.NOT_FOUND, "this node has no transport of the room")))
                        .toCompletableFuture()
                        .orTimeout(ANSWER_MAX.toMillis(), TimeUnit.MILLISECONDS))
                .orElseGet(() -> CompletableFuture.completedFuture(
                        JsonAnswers.error(StatusCodes.NOT_FOUND, "this node has no media router")));
    }

    private static HttpResponse failure(Throwable failure) {
        Throwable cause = Failures.rootCause(failure);
        if (cause instanceof RoomRefusal refusal) {
            return JsonAnswers.error(StatusCodes.NOT_FOUND, refusal.error().message());
        }
        return cause instanceof TimeoutException
                ? JsonAnswers.error(StatusCodes.GATEWAY_TIMEOUT, "no answer in time")
                : JsonAnswers.error(StatusCodes.INTERNAL_SERVER_ERROR, String.valueOf(cause.getMessage()));
    }

    private static String write(Object view) {
        try {
            return JSON.writeValueAsString(view);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a record of plain values has a JSON form", e);
        }
    }

    /** The extension id of these routes. Pekko Management finds the routes through this class's name. */
    public static final class Id extends AbstractExtensionId<DebugRoutes> implements ExtensionIdProvider {
        static final Id INSTANCE = new Id();

        @Override
        public DebugRoutes createExtension(ExtendedActorSystem system) {
            return new DebugRoutes();
        }

        @Override
        public Id lookup() {
            return INSTANCE;
        }
    }
}
