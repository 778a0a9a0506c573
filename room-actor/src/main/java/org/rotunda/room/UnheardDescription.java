package org.rotunda.room;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.rotunda.media.control.Description;

/**
 * What a client said last on its connection, for as long as the router may not have heard it: an offer until there is an answer, because
 * the client waits for one for ever; an answer until it could be sent, because the router misses it by itself if it is lost on its way
 * ({@link org.rotunda.media.control.MediaEvent.AnswerOverdue}). Owned by the conductor.
 */
final class UnheardDescription {
    private @Nullable Description unheard;
    private long revision; // The highest that the router has used.
    private int repeats;

    /** The client says this now; what it said before does not count any more. */
    void onSaid(Description description) {
        repeats = 0;
        unheard = switch (description.type()) {
            case OFFER ->
                description.revision() > revision ? description : null; // Otherwise a repeat, or it lost already.
            case ANSWER -> description;
            case CLOSE, CREATE_OFFER -> null;
        };
    }

    /** It is on its way to the router. */
    void onSent() {
        Description sent = unheard;
        if (sent != null && sent.type() == Description.Type.ANSWER) {
            unheard = null;
        }
    }

    /** The router answers, or offers itself: then an offer of the same revision has lost, and the client says another one. */
    void onLocalDescription(Description description) {
        if (description.type() != Description.Type.CREATE_OFFER) {
            revision = Math.max(revision, description.revision());
            Description said = unheard;
            if (said != null && said.type() == Description.Type.OFFER && said.revision() <= revision) {
                unheard = null;
            }
        }
    }

    /** What to say to a router that may not have heard it. */
    Optional<Description> description() {
        return Optional.ofNullable(unheard);
    }

    /** The same, unless that was tried often enough. */
    Optional<Description> repeat(int repeatsMax) {
        if (unheard == null || repeats >= repeatsMax) {
            return Optional.empty();
        }
        repeats++;
        return Optional.of(unheard);
    }
}
