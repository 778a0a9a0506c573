package org.rotunda.room.protocol;

import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.rotunda.room.protocol.RoomQueries.Page;
import org.rotunda.room.protocol.RoomQueries.PageRequest;

/**
 * Reads the status callbacks that are not delivered, and resends them. Safe to call from any thread. While the database
 * is away, the stages fail as busy.
 */
public interface CallbackLog {

    /** Conditions for the callbacks of a list; null sets no condition. */
    record CallbackFilter(CallbackStatus status, @Nullable RoomSid room) {}

    /** Lists callbacks of an account, those of the newest events first. */
    CompletionStage<Page<StatusCallback>> callbacks(AccountSid account, CallbackFilter filter, PageRequest page);

    /** Finds one callback of an account. */
    CompletionStage<Optional<StatusCallback>> callback(AccountSid account, CallbackSid sid);

    /**
     * Makes a callback due at once and begins its keep time anew. A failed callback waits again, and is sent before the
     * callbacks of later events of its room. Returns the callback as it is then; empty if the account has no such
     * callback.
     */
    CompletionStage<Optional<StatusCallback>> resend(AccountSid account, CallbackSid sid);
}
