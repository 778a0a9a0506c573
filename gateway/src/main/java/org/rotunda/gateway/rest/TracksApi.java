package org.rotunda.gateway.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityRef;
import org.rotunda.room.protocol.AskAgain;
import org.rotunda.room.protocol.RoomCommand;
import org.rotunda.room.protocol.RoomError;
import org.rotunda.room.protocol.RoomQueries.Page;
import org.rotunda.room.protocol.RoomQueries.PageRequest;
import org.rotunda.room.protocol.RoomRefusal;
import org.rotunda.room.protocol.RoomStatus;
import org.rotunda.room.protocol.RoomView;
import org.rotunda.room.protocol.Rooms;
import org.rotunda.room.protocol.TrackSid;
import org.rotunda.room.protocol.TrackView;
import org.rotunda.room.protocol.TrackViews;

/**
 * The REST resources of the tracks that a participant publishes and of the tracks that it receives. Both lists are read
 * from the room. A participant who has left has no tracks, so its lists are empty.
 */
final class TracksApi {
    /** Orders the newest tracks first. The SID decides between tracks that were created at the same moment. */
    private static final Comparator<TrackView> ORDER = Comparator.comparing(TrackView::createdAt)
            .thenComparing(track -> track.sid().value())
            .reversed();

    private final Rooms rooms;
    private final ParticipantsApi participants;
    private final Duration roomTimeout;

    TracksApi(Rooms rooms, ParticipantsApi participants, RestSettings settings) {
        this.rooms = rooms;
        this.participants = participants;
        this.roomTimeout = settings.roomTimeout();
    }

    /** The two lists of tracks, with the names that the REST API gives them. */
    private enum Tracks {
        PUBLISHED("published_tracks", "PublishedTracks"),
        SUBSCRIBED("subscribed_tracks", "SubscribedTracks");

        private final String key;
        private final String segment;

        Tracks(String key, String segment) {
            this.key = key;
            this.segment = segment;
        }
    }

    CompletionStage<ApiAnswer> listPublished(ApiRequest request) {
        return list(request, Tracks.PUBLISHED);
    }

    CompletionStage<ApiAnswer> listSubscribed(ApiRequest request) {
        return list(request, Tracks.SUBSCRIBED);
    }

    /** Fetches a published track by its SID or its name, which no other track of the participant has. */
    CompletionStage<ApiAnswer> fetchPublished(ApiRequest request) {
        return fetch(request, Tracks.PUBLISHED);
    }

    /** Fetches a received track by its SID alone, because tracks of several publishers may have the same name. */
    CompletionStage<ApiAnswer> fetchSubscribed(ApiRequest request) {
        return fetch(request, Tracks.SUBSCRIBED);
    }

    private CompletionStage<ApiAnswer> list(ApiRequest request, Tracks which) {
        Paging paging = Paging.from(request.query());
        PageRequest part = paging.request();
        return rooms.find(request.account(), request.room())
                .thenCompose(room -> tracks(room, request, which).thenApply(tracks -> {
                    String url = url(request, room, tracks, which);
                    return new ApiAnswer(
                            200,
                            paging.envelope(
                                    which.key,
                                    cut(tracks.tracks(), part),
                                    track -> write(track, room, tracks, which, url),
                                    track -> new PageToken(
                                            track.createdAt(), track.sid().value()),
                                    url,
                                    request.query(),
                                    List.of()));
                }));
    }

    private CompletionStage<ApiAnswer> fetch(ApiRequest request, Tracks which) {
        String nameOrSid = request.track();
        boolean byName = which == Tracks.PUBLISHED && !TrackSid.isValid(nameOrSid);
        return rooms.find(request.account(), request.room())
                .thenCompose(room -> tracks(room, request, which)
                        .thenApply(tracks -> tracks.tracks().stream()
                                .filter(track -> byName
                                        ? track.name().equals(nameOrSid)
                                        : track.sid().value().equals(nameOrSid))
                                .findFirst()
                                .map(track -> new ApiAnswer(
                                        200, write(track, room, tracks, which, url(request, room, tracks, which))))
                                .orElseThrow(request::notFound)));
    }

    private CompletionStage<TrackViews> tracks(RoomView room, ApiRequest request, Tracks which) {
        if (which == Tracks.SUBSCRIBED && !room.properties().hasMediaServer()) {
            return CompletableFuture.failedFuture(new RoomRefusal(RoomError.SUBSCRIPTION_NOT_SUPPORTED));
        }
        if (room.status() != RoomStatus.IN_PROGRESS) {
            return ofDeparted(room, request);
        }
        EntityRef<RoomCommand> there = rooms.room(room.sid());
        return AskAgain.<TrackViews>ask(
                        roomTimeout,
                        once -> there.askWithStatus(
                                replyTo -> new RoomCommand.ListTracks(
                                        request.participant(), which == Tracks.SUBSCRIBED, replyTo),
                                once))
                .exceptionallyCompose(failure -> {
                    RoomError error = ApiFailures.roomError(failure);
                    return error == RoomError.PARTICIPANT_NOT_FOUND || error == RoomError.ROOM_COMPLETED
                            ? ofDeparted(room, request)
                            : CompletableFuture.failedFuture(failure);
                });
    }

    /** Returns no tracks, if the participant was in the room. */
    private CompletionStage<TrackViews> ofDeparted(RoomView room, ApiRequest request) {
        return participants
                .present(room, request.participant(), request)
                .thenApply(participant -> new TrackViews(participant.sid(), List.of()));
    }

    private static Page<TrackView> cut(List<TrackView> tracks, PageRequest part) {
        List<TrackView> rest = tracks.stream()
                .filter(track -> isAfter(track, part))
                .sorted(ORDER)
                .toList();
        boolean more = rest.size() > part.size();
        return new Page<>(more ? rest.subList(0, part.size()) : rest, more);
    }

    private static boolean isAfter(TrackView track, PageRequest part) {
        if (part.afterCreated() == null || part.afterSid() == null) {
            return true;
        }
        int created = track.createdAt().compareTo(part.afterCreated());
        return created < 0 || (created == 0 && track.sid().value().compareTo(part.afterSid()) < 0);
    }

    private static String url(ApiRequest request, RoomView room, TrackViews tracks, Tracks which) {
        return request.baseUrl() + "/v1/Rooms/" + room.sid() + "/Participants/" + tracks.participant() + "/"
                + which.segment;
    }

    private static ObjectNode write(TrackView track, RoomView room, TrackViews tracks, Tracks which, String listUrl) {
        ObjectNode json = Json.object()
                .put("sid", track.sid().value())
                .put("participant_sid", tracks.participant().value());
        if (which == Tracks.SUBSCRIBED) {
            json.put("publisher_sid", track.publisher().value());
        }
        return json.put("room_sid", room.sid().value())
                .put("name", track.name())
                .put("date_created", Json.date(track.createdAt()))
                .put("date_updated", Json.date(track.updatedAt()))
                .put("enabled", track.enabled())
                .put("kind", track.kind().name().toLowerCase(Locale.ROOT))
                .put("url", listUrl + "/" + track.sid());
    }
}
