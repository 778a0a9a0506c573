package org.rotunda.gateway.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.rotunda.room.protocol.CallbackForm;
import org.rotunda.room.protocol.CallbackLog;
import org.rotunda.room.protocol.CallbackLog.CallbackFilter;
import org.rotunda.room.protocol.CallbackStatus;
import org.rotunda.room.protocol.RoomSid;
import org.rotunda.room.protocol.StatusCallback;
import org.rotunda.room.protocol.StatusCallback.FailedAttempt;

/**
 * The REST resources of status callbacks that are not delivered. Twilio's API has no such resources, but these follow
 * its rules for lists, errors and credentials.
 */
final class StatusCallbacksApi {
    private static final String PATH = "/v1/StatusCallbacks";

    private final CallbackLog log;

    StatusCallbacksApi(CallbackLog log) {
        this.log = log;
    }

    CompletionStage<ApiAnswer> list(ApiRequest request) {
        Parameters query = request.query();
        Paging paging = Paging.from(query);
        CallbackFilter filter = new CallbackFilter(status(query.text("Status")), room(query.text("RoomSid")));
        return log.callbacks(request.account(), filter, paging.request())
                .thenApply(page -> new ApiAnswer(
                        200,
                        paging.envelope(
                                "status_callbacks",
                                page,
                                callback -> write(callback, request.baseUrl()),
                                callback -> new PageToken(
                                        callback.happenedAt(), callback.sid().value()),
                                request.baseUrl() + PATH,
                                query,
                                List.of("Status", "RoomSid"))));
    }

    CompletionStage<ApiAnswer> fetch(ApiRequest request) {
        return log.callback(request.account(), request.callback())
                .thenApply(found -> new ApiAnswer(200, write(found.orElseThrow(request::notFound), request.baseUrl())));
    }

    /** Resends a callback. The only status that a request may set is that of a callback that waits. */
    CompletionStage<ApiAnswer> update(ApiRequest request) {
        String status = request.form().text("Status");
        if (status == null) {
            throw ApiFault.missing("Status");
        }
        if (!status.equals(CallbackStatus.WAITING.wireName())) {
            throw ApiFault.invalid("Status");
        }
        return log.resend(request.account(), request.callback())
                .thenApply(found -> new ApiAnswer(202, write(found.orElseThrow(request::notFound), request.baseUrl())));
    }

    private static CallbackStatus status(@Nullable String text) {
        if (text == null) {
            return CallbackStatus.FAILED;
        }
        for (CallbackStatus status : CallbackStatus.values()) {
            if (status.wireName().equals(text)) {
                return status;
            }
        }
        throw ApiFault.invalid("Status");
    }

    private static @Nullable RoomSid room(@Nullable String text) {
        if (text == null) {
            return null;
        }
        if (!RoomSid.isValid(text)) {
            throw ApiFault.invalid("RoomSid");
        }
        return new RoomSid(text);
    }

    private static ObjectNode write(StatusCallback callback, String baseUrl) {
        FailedAttempt last = callback.lastAttempt();
        ObjectNode json = Json.object()
                .put("sid", callback.sid().value())
                .put("account_sid", callback.account().value())
                .put("room_sid", callback.room().value())
                .put("status", callback.status().wireName())
                .put("event", callback.event())
                .put("sequence_number", callback.sequenceNumber())
                .put("date_created", Json.date(callback.happenedAt()))
                .put("date_attempted", Json.date(last == null ? null : last.at()))
                .put("attempts", callback.attempts())
                .put("error_code", last == null ? null : last.failure().code())
                .put("error_message", last == null ? null : last.detail())
                .put("http_status", last == null || last.httpStatus() == 0 ? null : last.httpStatus())
                .put("status_callback", callback.url())
                .put("status_callback_method", callback.method());
        ObjectNode parameters = json.putObject("parameters");
        CallbackForm.decode(callback.form()).forEach(parameters::put);
        return json.put("url", baseUrl + PATH + "/" + callback.sid());
    }
}
