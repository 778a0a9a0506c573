package org.rotunda.gateway.rest;

import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityRef;
import org.jspecify.annotations.Nullable;
import org.rotunda.room.protocol.AskAgain;
import org.rotunda.room.protocol.ParticipantSid;
import org.rotunda.room.protocol.ParticipantStatus;
import org.rotunda.room.protocol.ParticipantView;
import org.rotunda.room.protocol.ParticipantViews;
import org.rotunda.room.protocol.RoomCommand;
import org.rotunda.room.protocol.RoomError;
import org.rotunda.room.protocol.RoomQueries;
import org.rotunda.room.protocol.RoomQueries.Page;
import org.rotunda.room.protocol.RoomQueries.PageRequest;
import org.rotunda.room.protocol.RoomQueries.ParticipantFilter;
import org.rotunda.room.protocol.RoomStatus;
import org.rotunda.room.protocol.RoomView;
import org.rotunda.room.protocol.Rooms;

/**
 * The REST resources of participants. Present participants are read from the room actor, and participants who have left
 * are read from the database.
 */
final class ParticipantsApi {
    /** Orders the newest participants first. The SID decides between participants that joined at the same moment. */
    private static final Comparator<ParticipantView> ORDER = Comparator.comparing(ParticipantView::startedAt)
            .thenComparing(participant -> participant.sid().value())
            .reversed();

    private final Rooms rooms;
    private final RoomQueries queries;
    private final RestSettings settings;

    ParticipantsApi(Rooms rooms, RoomQueries queries, RestSettings settings) {
        this.rooms = rooms;
        this.queries = queries;
        this.settings = settings;
    }

    CompletionStage<ApiAnswer> list(ApiRequest request) {
        Parameters query = request.query();
        Paging paging = Paging.from(query);
        PageRequest part = paging.request();
        ParticipantStatus status = status(query.text("Status"));
        ParticipantFilter asked = new ParticipantFilter(
                status,
                query.text("Identity"),
                Dates.filter(query, "DateCreatedAfter"),
                Dates.filter(query, "DateCreatedBefore"));
        return rooms.find(request.account(), request.room())
                .thenCompose(view -> page(view, asked, part)
                        .thenApply(page -> new ApiAnswer(
                                200,
                                paging.envelope(
                                        "participants",
                                        page,
                                        participant -> ParticipantJson.write(participant, request.baseUrl()),
                                        participant -> new PageToken(
                                                participant.startedAt(),
                                                participant.sid().value()),
                                        request.baseUrl() + "/v1/Rooms/" + view.sid() + "/Participants",
                                        query,
                                        List.of("Status", "Identity", "DateCreatedAfter", "DateCreatedBefore")))));
    }

    private CompletionStage<Page<ParticipantView>> page(RoomView room, ParticipantFilter asked, PageRequest part) {
        if (room.status() != RoomStatus.IN_PROGRESS || asked.status() == ParticipantStatus.DISCONNECTED) {
            // In a completed room the requested status is ignored, because everybody has left.
            ParticipantFilter left = new ParticipantFilter(
                    ParticipantStatus.DISCONNECTED, asked.identity(), asked.createdAfter(), asked.createdBefore());
            return queries.participants(room.sid(), left, part);
        }
        EntityRef<RoomCommand> there = rooms.room(room.sid());
        return AskAgain.<ParticipantViews>ask(
                        settings.roomTimeout(), once -> there.askWithStatus(RoomCommand.ListParticipants::new, once))
                .thenApply(present -> cut(present.participants(), asked, part));
    }

    /**
     * Returns a page of the participants who are present. Without a status filter, the page includes participants who
     * are reconnecting.
     */
    private static Page<ParticipantView> cut(List<ParticipantView> present, ParticipantFilter asked, PageRequest part) {
        List<ParticipantView> matching = present.stream()
                .filter(participant -> asked.status() == null || participant.status() == asked.status())
                .filter(participant ->
                        asked.identity() == null || participant.identity().equals(asked.identity()))
                .filter(participant ->
                        asked.createdAfter() == null || !participant.startedAt().isBefore(asked.createdAfter()))
                .filter(participant ->
                        asked.createdBefore() == null || participant.startedAt().isBefore(asked.createdBefore()))
                .filter(participant -> isAfter(participant, part))
                .sorted(ORDER)
                .toList();
        boolean more = matching.size() > part.size();
        return new Page<>(more ? matching.subList(0, part.size()) : matching, more);
    }

    private static boolean isAfter(ParticipantView participant, PageRequest part) {
        if (part.afterCreated() == null || part.afterSid() == null) {
            return true;
        }
        int created = participant.startedAt().compareTo(part.afterCreated());
        return created < 0 || (created == 0 && participant.sid().value().compareTo(part.afterSid()) < 0);
    }

    CompletionStage<ApiAnswer> fetch(ApiRequest request) {
        return rooms.find(request.account(), request.room())
                .thenCompose(view -> present(view, request.participant(), request))
                .thenApply(participant -> new ApiAnswer(200, ParticipantJson.write(participant, request.baseUrl())));
    }

    /** Finds a participant by SID or identity. A participant who has left is found only by SID. */
    private CompletionStage<ParticipantView> present(RoomView room, String sidOrIdentity, ApiRequest request) {
        if (room.status() != RoomStatus.IN_PROGRESS) {
            return left(room, sidOrIdentity, request);
        }
        EntityRef<RoomCommand> there = rooms.room(room.sid());
        return AskAgain.<ParticipantView>ask(
                        settings.roomTimeout(),
                        once -> there.askWithStatus(
                                replyTo -> new RoomCommand.FetchParticipant(sidOrIdentity, replyTo), once))
                .exceptionallyCompose(failure -> ApiFailures.roomError(failure) == RoomError.PARTICIPANT_NOT_FOUND
                        ? left(room, sidOrIdentity, request)
                        : CompletableFuture.failedFuture(failure));
    }

    private CompletionStage<ParticipantView> left(RoomView room, String sidOrIdentity, ApiRequest request) {
        if (!ParticipantSid.isValid(sidOrIdentity)) {
            return CompletableFuture.failedFuture(request.notFound());
        }
        return queries.participant(room.sid(), new ParticipantSid(sidOrIdentity))
                .thenApply(participant -> participant.orElseThrow(request::notFound));
    }

    CompletionStage<ApiAnswer> update(ApiRequest request) {
        String status = request.form().text("Status");
        if (status == null) {
            throw ApiFault.missing("Status");
        }
        if (!status.equals(ParticipantStatus.DISCONNECTED.wireName())) {
            throw ApiFault.badRequest(
                    RoomError.PARTICIPANT_STATUS_INVALID.code(), RoomError.PARTICIPANT_STATUS_INVALID.message());
        }
        return rooms.find(request.account(), request.room())
                .thenCompose(view -> remove(view, request.participant(), request))
                .thenApply(participant -> new ApiAnswer(202, ParticipantJson.write(participant, request.baseUrl())));
    }

    /** Removes a participant. The SID of a participant who has left is accepted and changes nothing. */
    private CompletionStage<ParticipantView> remove(RoomView room, String sidOrIdentity, ApiRequest request) {
        if (room.status() != RoomStatus.IN_PROGRESS) {
            return left(room, sidOrIdentity, request);
        }
        return rooms.room(room.sid())
                .<ParticipantView>askWithStatus(
                        replyTo -> new RoomCommand.RemoveParticipant(sidOrIdentity, replyTo), settings.roomTimeout())
                .exceptionallyCompose(failure -> ApiFailures.roomError(failure) == RoomError.PARTICIPANT_NOT_FOUND
                        ? left(room, sidOrIdentity, request)
                        : CompletableFuture.failedFuture(failure));
    }

    private static @Nullable ParticipantStatus status(@Nullable String text) {
        if (text == null) {
            return null;
        }
        for (ParticipantStatus status : ParticipantStatus.values()) {
            if (status.wireName().equals(text)) {
                return status;
            }
        }
        throw ApiFault.invalid("Status");
    }
}
