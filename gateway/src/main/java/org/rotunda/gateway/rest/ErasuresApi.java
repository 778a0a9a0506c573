package org.rotunda.gateway.rest;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.rotunda.gateway.auth.NameFault;
import org.rotunda.room.protocol.AccountSid;
import org.rotunda.room.protocol.IdentityErasure;
import org.rotunda.room.protocol.IdentityErasure.Place;
import org.rotunda.room.protocol.IdentityErasure.Step;
import org.rotunda.room.protocol.RoomStatus;

/**
 * The REST resource that erases an identity in all rooms of the account that are over. One request does one step; the
 * next one continues with the page token of the answer. The server stores nothing about an erasing, because that would
 * be the identity again. Twilio's API has no such resource.
 */
final class ErasuresApi {
    static final String PATH = "/v1/Erasures";

    private static final String IN_PROGRESS = "P";
    private static final String COMPLETED = "C";

    private final IdentityErasure erasure;

    ErasuresApi(IdentityErasure erasure) {
        this.erasure = erasure;
    }

    CompletionStage<ApiAnswer> create(ApiRequest request) {
        String identity = request.form().text("Identity");
        if (identity == null) {
            throw ApiFault.missing("Identity");
        }
        if (NameFault.of(identity) != null) {
            throw ApiFault.invalid("Identity");
        }
        return erasure.erase(request.account(), identity, place(request.form().text("PageToken")))
                .thenApply(step -> new ApiAnswer(200, write(request.account(), step)));
    }

    private static @Nullable Place place(@Nullable String token) {
        if (token == null) {
            return null;
        }
        boolean inProgress = token.startsWith(IN_PROGRESS + ".");
        PageToken rest = PageToken.read(
                inProgress || token.startsWith(COMPLETED + ".") ? token.substring(IN_PROGRESS.length() + 1) : "");
        return new Place(inProgress ? RoomStatus.IN_PROGRESS : RoomStatus.COMPLETED, rest.created(), rest.sid());
    }

    private static @Nullable String token(@Nullable Place place) {
        return place == null
                ? null
                : (place.status() == RoomStatus.IN_PROGRESS ? IN_PROGRESS : COMPLETED) + "."
                        + new PageToken(place.created(), place.sid()).write();
    }

    private static ObjectNode write(AccountSid account, Step step) {
        ObjectNode json = Json.object()
                .put("account_sid", account.value())
                .put("rooms_searched", step.searched())
                .put("participants_erased", step.participants())
                .put("journals_deleted", step.journals())
                .put("status_callbacks_erased", step.callbacks());
        ArrayNode left = json.putArray("rooms_left");
        step.left().forEach(room -> left.add(room.value()));
        return json.put("next_page_token", token(step.next()));
    }
}
