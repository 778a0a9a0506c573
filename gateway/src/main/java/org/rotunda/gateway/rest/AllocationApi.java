package org.rotunda.gateway.rest;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityRef;
import org.jspecify.annotations.Nullable;
import org.rotunda.room.protocol.AllocationView;
import org.rotunda.room.protocol.AskAgain;
import org.rotunda.room.protocol.BandwidthProfile;
import org.rotunda.room.protocol.PictureSize;
import org.rotunda.room.protocol.RoomCommand;
import org.rotunda.room.protocol.RoomError;
import org.rotunda.room.protocol.RoomRefusal;
import org.rotunda.room.protocol.RoomStatus;
import org.rotunda.room.protocol.RoomView;
import org.rotunda.room.protocol.Rooms;

/**
 * The REST resource that tells which video tracks a participant is sent, in which layer, and why. It is not part of
 * Twilio's API. It exists while the participant is in the room.
 */
final class AllocationApi {
    private final Rooms rooms;
    private final Duration roomTimeout;

    AllocationApi(Rooms rooms, RestSettings settings) {
        this.rooms = rooms;
        this.roomTimeout = settings.roomTimeout();
    }

    CompletionStage<ApiAnswer> fetch(ApiRequest request) {
        String participant = request.participant();
        return rooms.find(request.account(), request.room())
                .thenCompose(room ->
                        ask(room, participant).thenApply(allocation -> new ApiAnswer(200, write(request, allocation))));
    }

    private CompletionStage<AllocationView> ask(RoomView room, String participant) {
        if (!room.properties().hasMediaServer()) {
            return CompletableFuture.failedFuture(new RoomRefusal(RoomError.SUBSCRIPTION_NOT_SUPPORTED));
        }
        if (room.status() != RoomStatus.IN_PROGRESS) {
            return CompletableFuture.failedFuture(new RoomRefusal(RoomError.ROOM_COMPLETED));
        }
        EntityRef<RoomCommand> there = rooms.room(room.sid());
        return AskAgain.<AllocationView>ask(
                roomTimeout,
                once -> there.askWithStatus(replyTo -> new RoomCommand.FetchAllocation(participant, replyTo), once));
    }

    private static ObjectNode write(ApiRequest request, AllocationView allocation) {
        ObjectNode json = Json.object()
                .put("participant_sid", allocation.participant().value())
                .put("room_sid", allocation.room().value())
                .put("account_sid", allocation.account().value());
        json.set("profile", write(allocation.profile()));
        AllocationView.Budget budget = allocation.budget();
        json.put("estimate", budget.estimateBps() < 0 ? null : (Long) budget.estimateBps())
                .put("reserve", budget.reserveBps())
                .put("cap", budget.capBps())
                .put("sum", budget.sumBps())
                .put("loss", budget.loss())
                .put("queue", budget.queueMillis());
        ArrayNode tracks = json.putArray("tracks");
        allocation.tracks().forEach(track -> write(tracks.addObject(), track));
        return json.put(
                "url",
                request.baseUrl() + "/v1/Rooms/" + allocation.room() + "/Participants/" + allocation.participant()
                        + "/Allocation");
    }

    private static void write(ObjectNode json, AllocationView.Track track) {
        json.put("track_sid", track.track().value())
                .put("publisher_sid", track.publisher().value())
                .put("on", track.layer() != null);
        json.set("layer", write(track.layer()));
        json.set("desired", write(track.desired()));
        json.set("next", write(track.next()));
        json.put("reason", word(track.reason())).put("text", track.text()).put("wait", track.waitMillis());
        ArrayNode changes = json.putArray("changes");
        for (AllocationView.Change change : track.changes()) {
            ObjectNode written = changes.addObject().put("date", change.at().toString());
            written.set("from", write(change.from()));
            written.set("to", write(change.to()));
            written.put("reason", word(change.reason()))
                    .put("cause", word(change.cause()))
                    .put("budget", change.budgetBps())
                    .put("sum", change.sumBps());
        }
    }

    private static @Nullable ObjectNode write(AllocationView.@Nullable Layer layer) {
        return layer == null
                ? null
                : Json.object()
                        .put("spatial", layer.spatial())
                        .put("temporal", layer.temporal())
                        .put("bitrate", layer.bps());
    }

    private static @Nullable ObjectNode write(@Nullable BandwidthProfile profile) {
        if (profile == null) {
            return null;
        }
        ObjectNode json = Json.object()
                .put("mode", word(profile.mode().name()))
                .put("max_subscription_bitrate", profile.bitrateMax())
                .put("dominant_speaker_priority", word(profile.speakerPriority().name()))
                .put("track_switch_off_mode", word(profile.switchOff().name()))
                .put("max_tracks", profile.tracksMax());
        ObjectNode sizes = json.putObject("render_dimensions");
        write(sizes.putObject("low"), profile.low());
        write(sizes.putObject("standard"), profile.standard());
        write(sizes.putObject("high"), profile.high());
        return json;
    }

    private static void write(ObjectNode json, PictureSize size) {
        json.put("width", size.width()).put("height", size.height());
    }

    private static String word(String constant) {
        return constant.toLowerCase(Locale.ROOT);
    }
}
