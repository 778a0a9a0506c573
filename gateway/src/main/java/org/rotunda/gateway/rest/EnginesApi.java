package org.rotunda.gateway.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.regex.Pattern;
import org.rotunda.room.protocol.RoomQueries.Page;
import org.rotunda.room.protocol.Rooms;

/**
 * The REST resources of engines that this version does not have: recordings, compositions, transcriptions and reports
 * about ended rooms. The parameters of each list are checked, and the list is empty. No resource of these engines can be
 * found, created or changed.
 */
final class EnginesApi {
    /** The greatest page of the lists of all recordings and of compositions. */
    private static final int MEDIA_PAGE_MAX = 100;

    private static final int PAGE_MAX = 1000;
    private static final Pattern SID = Pattern.compile("[a-zA-Z]{2}[0-9a-fA-F]{32}");
    private static final Pattern ROOM_SID = Pattern.compile("RM[0-9a-fA-F]{32}");
    private static final Pattern RECORDING_STATUS = Pattern.compile("processing|completed|deleted|failed");
    private static final Pattern COMPOSITION_STATUS = Pattern.compile("enqueued|processing|completed|deleted|failed");
    private static final Pattern MEDIA_TYPE = Pattern.compile("audio|video|data");
    private static final Pattern SUMMARY_TYPE = Pattern.compile("go|peer_to_peer|group|group_small");
    private static final Pattern SUMMARY_CODEC = Pattern.compile("VP8|H264|VP9|opus");

    private final Rooms rooms;

    EnginesApi(Rooms rooms) {
        this.rooms = rooms;
    }

    CompletionStage<ApiAnswer> listRecordings(ApiRequest request) {
        Parameters query = request.query();
        query.require("Status", RECORDING_STATUS);
        query.require("SourceSid", SID);
        query.require("GroupingSid", SID);
        query.require("MediaType", MEDIA_TYPE);
        return empty(
                request,
                "recordings",
                "/v1/Recordings",
                MEDIA_PAGE_MAX,
                List.of("Status", "SourceSid", "GroupingSid", "MediaType"),
                "DateCreated");
    }

    CompletionStage<ApiAnswer> listRoomRecordings(ApiRequest request) {
        Parameters query = request.query();
        query.require("Status", RECORDING_STATUS);
        query.require("SourceSid", SID);
        return rooms.find(request.account(), request.room())
                .thenCompose(room -> empty(
                        request,
                        "recordings",
                        "/v1/Rooms/" + room.sid() + "/Recordings",
                        PAGE_MAX,
                        List.of("Status", "SourceSid"),
                        "DateCreated"));
    }

    CompletionStage<ApiAnswer> listTranscriptions(ApiRequest request) {
        return rooms.find(request.account(), request.room())
                .thenCompose(room -> empty(
                        request,
                        "transcriptions",
                        "/v1/Rooms/" + room.sid() + "/Transcriptions",
                        PAGE_MAX,
                        List.of(),
                        ""));
    }

    CompletionStage<ApiAnswer> listCompositions(ApiRequest request) {
        request.query().require("Status", COMPOSITION_STATUS);
        request.query().require("RoomSid", ROOM_SID);
        return empty(
                request,
                "compositions",
                "/v1/Compositions",
                MEDIA_PAGE_MAX,
                List.of("Status", "RoomSid"),
                "DateCreated");
    }

    CompletionStage<ApiAnswer> listHooks(ApiRequest request) {
        request.query().flag("Enabled", false);
        return empty(
                request,
                "composition_hooks",
                "/v1/CompositionHooks",
                PAGE_MAX,
                List.of("Enabled", "FriendlyName"),
                "DateCreated");
    }

    CompletionStage<ApiAnswer> listRoomSummaries(ApiRequest request) {
        request.query().require("RoomType", SUMMARY_TYPE);
        request.query().require("Codec", SUMMARY_CODEC);
        return empty(
                request, "rooms", "/v1/Video/Rooms", PAGE_MAX, List.of("RoomType", "Codec", "RoomName"), "Created");
    }

    /**
     * Answers with an empty page.
     *
     * @param path the path of the list, with SIDs in place of names
     * @param dates the beginning of the names of the two date filters; empty if the list has none
     */
    private static CompletionStage<ApiAnswer> empty(
            ApiRequest request, String key, String path, int sizeMax, List<String> filters, String dates) {
        Parameters query = request.query();
        Paging paging = Paging.from(query, sizeMax);
        paging.request(); // This call checks the page token.
        List<String> all = filters;
        if (!dates.isEmpty()) {
            Dates.filter(query, dates + "After");
            Dates.filter(query, dates + "Before");
            all = new ArrayList<>(filters);
            all.addAll(List.of(dates + "After", dates + "Before"));
        }
        ObjectNode body = paging.<ObjectNode>envelope(
                key,
                new Page<>(List.of(), false),
                record -> record,
                record -> {
                    throw new IllegalStateException("an empty page has no last record");
                },
                request.baseUrl() + path,
                query,
                all);
        return CompletableFuture.completedFuture(new ApiAnswer(200, body));
    }

    /** Answers with the settings of an account that has none. */
    CompletionStage<ApiAnswer> fetchSettings(ApiRequest request) {
        ObjectNode body = Json.object()
                .put("account_sid", request.account().value())
                .putNull("friendly_name")
                .putNull("aws_credentials_sid")
                .putNull("aws_s3_url")
                .put("aws_storage_enabled", false)
                .putNull("encryption_key_sid")
                .put("encryption_enabled", false)
                .put("url", request.baseUrl() + "/v1" + request.path());
        return CompletableFuture.completedFuture(new ApiAnswer(200, body));
    }

    CompletionStage<ApiAnswer> notFound(ApiRequest request) {
        return CompletableFuture.failedFuture(request.notFound());
    }

    /** Refuses to create or change a resource. */
    CompletionStage<ApiAnswer> refuse(ApiRequest request) {
        return CompletableFuture.failedFuture(ApiFault.notAvailableOperation(request.path()));
    }

    /** Refuses to create a resource in a room. A room that does not exist is reported first. */
    CompletionStage<ApiAnswer> refuseInRoom(ApiRequest request) {
        return rooms.find(request.account(), request.room()).thenCompose(room -> refuse(request));
    }
}
