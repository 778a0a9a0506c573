package org.rotunda.room.call;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.rotunda.media.control.Description;

/**
 * What a client said last on its connection, for as long as the router may not have heard it: an offer until there is an answer, because
 * the client waits for one for ever; an answer until it could be sent, because the router misses it by itself if it is lost on its way
 * ({@link org.rotunda.media.control.MediaEvent.AnswerOverdue}). Owned by the conductor.
 */
final class PendingDescription {
    private @Nullable Description pending;
    private long revision; // The highest that the router has used.
    private int repeats;

    /** The client says this now; what it said before does not count any more. */
    void onSaid(Description description) {
        repeats = 0;
        pending = switch (description.type()) {
            case OFFER ->
                description.revision() > revision ? description : null; // Otherwise a repeat, or it lost already.
            case ANSWER -> description;
            case CLOSE, CREATE_OFFER -> null;
        };
    }

    /** It is on its way to the router. */
    void onSent() {
        Description sent = pending;
        if (sent != null && sent.type() == Description.Type.ANSWER) {
            pending = null;
        }
    }

    /** The router answers, or offers itself: then an offer of the same revision has lost, and the client says another one. */
    void onLocalDescription(Description description) {
        if (description.type() != Description.Type.CREATE_OFFER) {
            revision = Math.max(revision, description.revision());
            Description said = pending;
            if (said != null && said.type() == Description.Type.OFFER && said.revision() <= revision) {
                pending = null;
            }
        }
    }

    /** What to say to a router that may not have heard it. */
    Optional<Description> description() {
        return Optional.ofNullable(pending);
    }

    /** The same, unless that was tried often enough. */
    Optional<Description> repeat(int repeatsMax) {
        if (pending == null || repeats >= repeatsMax) {
            return Optional.empty();
        }
        repeats++;
        return Optional.of(pending);
    }
}
