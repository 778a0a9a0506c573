package org.rotunda.gateway.connection;

import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;
import org.rotunda.gateway.signal.ClientMessage;
import org.rotunda.room.protocol.AccountSid;

/**
 * The place of one client in the node's {@link JoinLine}. A client waits between its hello and the welcome, because only
 * then it understands that the node is busy; its application hears of nothing. A welcome ends the wait at any moment.
 * Owned by one session.
 */
final class JoinTurn {
    private final ActorRef<SessionCommand> session;
    private final ActorRef<Sessions.Command> sessions;
    private @Nullable ClientMessage waitingHello;
    private boolean isAsked;

    JoinTurn(ActorRef<SessionCommand> session, ActorRef<Sessions.Command> sessions) {
        this.session = session;
        this.sessions = sessions;
    }

    /** Asks for the turn of a client of this account, whose hello has this body. */
    void ask(ClientMessage hello, AccountSid account) {
        waitingHello = hello;
        isAsked = true;
        sessions.tell(new Sessions.AskTurn(session, account));
    }

    /** Returns the body of the hello that is served now; null if no hello waits. */
    @Nullable
    ClientMessage take() {
        ClientMessage hello = waitingHello;
        waitingHello = null;
        return hello;
    }

    /** Notes that the client's connect is served from now on. */
    void begun() {
        isAsked = true;
        sessions.tell(new Sessions.JoinBegun(session));
    }

    /** Notes that the client is in its room, or that it will not be. */
    void ended(boolean isJoined) {
        if (isAsked) {
            isAsked = false;
            sessions.tell(new Sessions.JoinEnded(session, isJoined));
        }
    }
}
