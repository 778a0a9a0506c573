package org.rotunda.gateway.rest;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.rotunda.gateway.account.AccountAdmin;
import org.rotunda.room.protocol.AccountStore.AccountRow;

/**
 * The REST resource of an account's default room settings. It is our own; in the public API these settings are only on
 * a web page. Absent values are null: the built-in default holds.
 */
final class RoomSettingsApi {
    static final String PATH = "/v1/RoomSettings/Default";

    private final AccountAdmin admin;
    private final RoomDefaults defaults;

    RoomSettingsApi(AccountAdmin admin, RoomDefaults defaults) {
        this.admin = admin;
        this.defaults = defaults;
    }

    CompletionStage<ApiAnswer> fetch(ApiRequest request) {
        return admin.account(request.account())
                .thenApply(account -> new ApiAnswer(200, write(account.orElseThrow(request::notFound), request)));
    }

    /** Changes the parameters in the form. An empty value deletes a default; the other defaults stay. */
    CompletionStage<ApiAnswer> update(ApiRequest request) {
        return admin.update(request.account(), row -> changed(row, request.form()))
                .thenApply(account -> new ApiAnswer(200, write(account.orElseThrow(request::notFound), request)));
    }

    private AccountRow changed(AccountRow row, Parameters form) {
        Map<String, String> settings = new HashMap<>(row.roomSettings());
        RoomDefaults.PARAMETERS.forEach(name -> change(settings, name, form));
        change(settings, RoomDefaults.CLIENT_SIDE_CREATION, form);
        defaults.check(settings);
        return new AccountRow(
                row.sid(),
                row.parent(),
                row.friendlyName(),
                row.status(),
                row.primaryToken(),
                row.secondaryToken(),
                settings,
                row.createdAt(),
                row.updatedAt());
    }

    private static void change(Map<String, String> settings, String name, Parameters form) {
        if (!form.has(name)) {
            return;
        }
        // Only VideoCodecs is a list; a repeated parameter of another name counts once.
        String value = name.equals("VideoCodecs")
                ? form.list(name).stream().distinct().collect(Collectors.joining(","))
                : form.text(name);
        if (value == null || value.isEmpty()) {
            settings.remove(name);
        } else {
            settings.put(name, value);
        }
    }

    private static ObjectNode write(AccountRow account, ApiRequest request) {
        Parameters own = Parameters.NONE.orElse(account.roomSettings());
        ObjectNode json = Json.object()
                .put("account_sid", account.sid().value())
                .put("type", own.text("Type"))
                .put("max_participants", number(own, "MaxParticipants"))
                .put("max_participant_duration", number(own, "MaxParticipantDuration"))
                .put("empty_room_timeout", number(own, "EmptyRoomTimeout"))
                .put("unused_room_timeout", number(own, "UnusedRoomTimeout"))
                .put("record_participants_on_connect", flag(own, "RecordParticipantsOnConnect"));
        if (own.text("VideoCodecs") == null) {
            json.putNull("video_codecs");
        } else {
            ArrayNode codecs = json.putArray("video_codecs");
            own.list("VideoCodecs").forEach(codecs::add);
        }
        return json.put("media_region", own.text("MediaRegion"))
                .put("audio_only", flag(own, "AudioOnly"))
                .put("client_side_room_creation", flag(own, RoomDefaults.CLIENT_SIDE_CREATION))
                .put("status_callback", own.text("StatusCallback"))
                .put("status_callback_method", own.text("StatusCallbackMethod"))
                .put("url", request.baseUrl() + PATH);
    }

    private static @Nullable Integer number(Parameters own, String name) {
        return own.text(name) == null
                ? null
                : (Integer) own.number(name, 0, Integer.MIN_VALUE, Integer.MAX_VALUE, ApiFault.invalid(name));
    }

    private static @Nullable Boolean flag(Parameters own, String name) {
        return own.text(name) == null ? null : (Boolean) own.flag(name, false);
    }
}
