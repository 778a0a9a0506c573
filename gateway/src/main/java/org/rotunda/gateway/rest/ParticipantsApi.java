package org.rotunda.gateway.rest;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;
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
 * The REST resources of participants. Present participants are read from the room actor. Participants who have left are
 * read from the database, which follows the room with a delay, and from the room actor, which knows the participants
 * who left last. The room actor is always up to date, so a caller sees its own changes at once.
 */
final class ParticipantsApi {
    /** Orders the newest participants first. The SID decides between participants that joined at the same moment. */
    private static final Comparator<ParticipantView> ORDER = Comparator.comparing(ParticipantView::startedAt)
            .thenComparing(participant -> participant.sid().value())
            .reversed();

    /**
     * The longest time from a room's end until the database lists all participants of the room. Usually it takes less
     * than 1 s.
     */
    private static final Duration DATABASE_LATE_MAX = Duration.ofMinutes(1);

    private final Rooms rooms;
    private final RoomQueries queries;
    private final RestSettings settings;
    private final Clock clock;

    ParticipantsApi(Rooms rooms, RoomQueries queries, RestSettings settings, Clock clock) {
        this.clock = clock;
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
        if (room.status() == RoomStatus.IN_PROGRESS && asked.status() != ParticipantStatus.DISCONNECTED) {
            return fromRoom(room, false).thenApply(present -> cut(present, false, asked, part));
        }
        // In a completed room the requested status is ignored, because everybody has left.
        ParticipantFilter left = new ParticipantFilter(
                ParticipantStatus.DISCONNECTED, asked.identity(), asked.createdAfter(), asked.createdBefore());
        if (!isDatabaseLate(room)) {
            return queries.participants(room.sid(), left, part);
        }
        return fromRoom(room, true)
                .thenCompose(departed -> queries.participants(room.sid(), left, part)
                        .thenApply(rows -> cut(union(rows.records(), departed), rows.more(), left, part)));
    }

    private CompletionStage<List<ParticipantView>> fromRoom(RoomView room, boolean departed) {
        EntityRef<RoomCommand> there = rooms.room(room.sid());
        return AskAgain.<ParticipantViews>ask(
                        settings.roomTimeout(),
                        once -> there.askWithStatus(
                                replyTo -> new RoomCommand.ListParticipants(departed, replyTo), once))
                .thenApply(ParticipantViews::participants);
    }

    /** Returns whether the database may lack participants of the room who have left. */
    private boolean isDatabaseLate(RoomView room) {
        Instant endedAt = room.endedAt();
        return endedAt == null || endedAt.plus(DATABASE_LATE_MAX).isAfter(clock.instant());
    }

    private static Collection<ParticipantView> union(List<ParticipantView> rows, List<ParticipantView> departed) {
        Map<ParticipantSid, ParticipantView> all = new HashMap<>();
        rows.forEach(each -> all.put(each.sid(), each));
        // A row has the precision of page tokens, but may still have an identity that the room has replaced already.
        departed.forEach(each ->
                all.merge(each.sid(), each, (row, ofRoom) -> row.identity().equals(ofRoom.identity()) ? row : ofRoom));
        return all.values();
    }

    /**
     * Returns a page of the participants in {@code all} that match the filter. Without a status filter, the page
     * includes participants who are reconnecting.
     *
     * @param more true if further participants follow in the database
     */
    private static Page<ParticipantView> cut(
            Collection<ParticipantView> all, boolean more, ParticipantFilter asked, PageRequest part) {
        List<ParticipantView> matching = all.stream()
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
        boolean tooMany = matching.size() > part.size();
        return new Page<>(tooMany ? matching.subList(0, part.size()) : matching, tooMany || more);
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
    CompletionStage<ParticipantView> present(RoomView room, String sidOrIdentity, ApiRequest request) {
        if (room.status() == RoomStatus.IN_PROGRESS) {
            return fromRoomOrRows(room, sidOrIdentity, request);
        }
        return ParticipantSid.isValid(sidOrIdentity) && isDatabaseLate(room)
                ? fromRoomOrRows(room, sidOrIdentity, request)
                : fromRows(room, sidOrIdentity, request);
    }

    private CompletionStage<ParticipantView> fromRoomOrRows(RoomView room, String sidOrIdentity, ApiRequest request) {
        EntityRef<RoomCommand> there = rooms.room(room.sid());
        return orFromRows(
                room,
                sidOrIdentity,
                request,
                AskAgain.<ParticipantView>ask(
                        settings.roomTimeout(),
                        once -> there.askWithStatus(
                                replyTo -> new RoomCommand.FetchParticipant(sidOrIdentity, replyTo), once)));
    }

    /**
     * Looks in the database if the room does not know the participant, because a room forgets a departed participant
     * after many others have left.
     */
    private CompletionStage<ParticipantView> orFromRows(
            RoomView room, String sidOrIdentity, ApiRequest request, CompletionStage<ParticipantView> answer) {
        return answer.exceptionallyCompose(failure -> ApiFailures.roomError(failure) == RoomError.PARTICIPANT_NOT_FOUND
                ? fromRows(room, sidOrIdentity, request)
                : CompletableFuture.failedFuture(failure));
    }

    private CompletionStage<ParticipantView> fromRows(RoomView room, String sidOrIdentity, ApiRequest request) {
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

    /** Replaces the identity of a participant who has left by its SID. */
    CompletionStage<ApiAnswer> anonymize(ApiRequest request) {
        return rooms.find(request.account(), request.room())
                .thenCompose(room -> present(room, request.participant(), request)
                        .thenCompose(participant -> anonymize(room, participant)))
                .thenApply(participant ->
                        new ApiAnswer(200, ParticipantJson.writeAnonymized(participant, request.baseUrl())));
    }

    private CompletionStage<ParticipantView> anonymize(RoomView room, ParticipantView participant) {
        if (participant.status() != ParticipantStatus.DISCONNECTED) {
            throw ApiFault.badRequest(
                    RoomError.PARTICIPANT_STATUS_INVALID.code(), RoomError.PARTICIPANT_STATUS_INVALID.message());
        }
        EntityRef<RoomCommand> there = rooms.room(room.sid());
        return AskAgain.<Done>ask(
                        settings.roomTimeout(),
                        once -> there.askWithStatus(
                                replyTo -> new RoomCommand.Anonymize(participant.sid(), replyTo), once))
                .thenApply(done -> new ParticipantView(
                        participant.sid(),
                        participant.room(),
                        participant.account(),
                        participant.sid().value(),
                        participant.status(),
                        participant.startedAt(),
                        clock.instant(),
                        participant.endedAt()));
    }

    /** Removes a participant. The SID of a participant who has left is accepted and changes nothing. */
    private CompletionStage<ParticipantView> remove(RoomView room, String sidOrIdentity, ApiRequest request) {
        if (room.status() != RoomStatus.IN_PROGRESS) {
            return present(room, sidOrIdentity, request);
        }
        return orFromRows(
                room,
                sidOrIdentity,
                request,
                rooms.room(room.sid())
                        .askWithStatus(
                                replyTo -> new RoomCommand.RemoveParticipant(sidOrIdentity, replyTo),
                                settings.roomTimeout()));
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
