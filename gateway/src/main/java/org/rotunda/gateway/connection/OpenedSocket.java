package org.rotunda.gateway.connection;

import java.util.function.BooleanSupplier;
import org.apache.pekko.NotUsed;
import org.apache.pekko.http.javadsl.model.ws.Message;
import org.apache.pekko.stream.javadsl.Flow;

/**
 * A WebSocket with its session.
 *
 * @param messages handles the messages of the client, and emits those of the session
 * @param failedByPlan returns whether the session has failed the socket because the node stops, so that the close code
 *     must say so; callable from any thread
 */
public record OpenedSocket(Flow<Message, Message, NotUsed> messages, BooleanSupplier failedByPlan) {
    /** Returns whether the session has failed the socket because the node stops. */
    public boolean isFailedByPlan() {
        return failedByPlan.getAsBoolean();
    }
}
