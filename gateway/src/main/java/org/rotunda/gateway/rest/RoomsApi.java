package org.rotunda.gateway.rest;

import java.security.SecureRandom;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.rotunda.room.protocol.AskAgain;
import org.rotunda.room.protocol.CreateAttempt;
import org.rotunda.room.protocol.RoomCommand;
import org.rotunda.room.protocol.RoomError;
import org.rotunda.room.protocol.RoomQueries;
import org.rotunda.room.protocol.RoomStatus;
import org.rotunda.room.protocol.RoomView;
import org.rotunda.room.protocol.Rooms;

/** The REST resources of rooms. */
final class RoomsApi {
    private final Rooms rooms;
    private final RoomQueries queries;
    private final RestSettings settings;
    private final RoomDefaults defaults;
    private final UnansweredCreates unanswered;
    private final SecureRandom random = new SecureRandom();

    RoomsApi(
            Rooms rooms,
            RoomQueries queries,
            RestSettings settings,
            RoomDefaults defaults,
            UnansweredCreates unanswered) {
        this.rooms = rooms;
        this.queries = queries;
        this.settings = settings;
        this.defaults = defaults;
        this.unanswered = unanswered;
    }

    CompletionStage<ApiAnswer> create(ApiRequest request) {
        RoomParameters parameters = defaults.parameters(request.account(), request.form());
        var content =
                new UnansweredCreates.Request(request.account(), parameters.uniqueName(), parameters.properties());
        CreateAttempt attempt =
                unanswered.take(content).map(CreateAttempt::again).orElseGet(() -> CreateAttempt.first(random));
        return rooms.create(content.account(), content.uniqueName(), content.properties(), attempt)
                .toCompletableFuture()
                .copy()
                .orTimeout(settings.createTimeout().toMillis(), TimeUnit.MILLISECONDS)
                .whenComplete((room, failure) -> {
                    if (failure != null && isServerFault(failure, request)) {
                        unanswered.add(content, attempt);
                    }
                })
                .thenApply(room -> answer(201, room, request));
    }

    /** Returns whether the failure is answered with a 5xx, so that a helper library repeats the request. */
    private static boolean isServerFault(Throwable failure, ApiRequest request) {
        ApiFault fault = ApiFailures.faultOf(failure, request.path());
        return fault == null || fault.status() >= 500;
    }

    CompletionStage<ApiAnswer> fetch(ApiRequest request) {
        return rooms.find(request.account(), request.room()).thenApply(room -> answer(200, room, request));
    }

    CompletionStage<ApiAnswer> update(ApiRequest request) {
        String status = request.form().text("Status");
        if (status == null) {
            throw ApiFault.missing("Status");
        }
        if (!status.equals(RoomStatus.COMPLETED.wireName())) {
            throw ApiFault.badRequest(RoomError.ROOM_STATUS_INVALID.code(), RoomError.ROOM_STATUS_INVALID.message());
        }
        return rooms.find(request.account(), request.room())
                .thenCompose(room -> AskAgain.<RoomView>ask(
                        settings.roomTimeout(),
                        once -> rooms.room(room.sid()).askWithStatus(RoomCommand.Complete::new, once)))
                .thenApply(room -> answer(202, room, request));
    }

    CompletionStage<ApiAnswer> list(ApiRequest request) {
        Parameters query = request.query();
        Paging paging = Paging.from(query);
        RoomQueries.RoomFilter filter = new RoomQueries.RoomFilter(
                status(query.text("Status")),
                query.text("UniqueName"),
                Dates.filter(query, "DateCreatedAfter"),
                Dates.filter(query, "DateCreatedBefore"));
        return queries.rooms(request.account(), filter, paging.request())
                .thenApply(page -> new ApiAnswer(
                        200,
                        paging.envelope(
                                "rooms",
                                page,
                                room -> RoomJson.write(room, request.baseUrl()),
                                room -> new PageToken(
                                        room.createdAt(), room.sid().value()),
                                request.baseUrl() + "/v1/Rooms",
                                query,
                                List.of("Status", "UniqueName", "DateCreatedAfter", "DateCreatedBefore"))));
    }

    private static RoomStatus status(@Nullable String text) {
        if (text == null) {
            return RoomStatus.IN_PROGRESS;
        }
        for (RoomStatus status : RoomStatus.values()) {
            if (status.wireName().equals(text)) {
                return status;
            }
        }
        throw ApiFault.invalid("Status");
    }

    private static ApiAnswer answer(int status, RoomView room, ApiRequest request) {
        return new ApiAnswer(status, RoomJson.write(room, request.baseUrl()));
    }
}
