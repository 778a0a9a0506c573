package org.rotunda.gateway.callback;

import java.util.concurrent.CompletionStage;
import org.rotunda.room.protocol.StatusCallback;

/** Makes one attempt to deliver a callback. Safe to call from any thread; does not block. */
@FunctionalInterface
interface CallbackClient {

    /** Sends the callback. The stage does not fail because of the receiver; every failure is a result. */
    CompletionStage<AttemptResult> send(StatusCallback callback);
}
