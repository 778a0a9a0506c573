package org.rotunda.room.call;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.rotunda.media.control.Description;

/**
 * The last description of a client, for as long as the router may not have it: an offer until the router answers, because the client waits
 * for that answer without limit; an answer until it is sent, because the router itself notices one that is lost on its way
 * ({@link org.rotunda.media.control.MediaEvent.AnswerOverdue}). Owned by the conductor.
 */
final class PendingDescription {
    private @Nullable Description pending;
    private long revision; // The highest revision that the router has used.
    private int repeats;

    /** Takes in the client's next description, which replaces the one before. */
    void onSaid(Description description) {
        repeats = 0;
        pending = switch (description.type()) {
            case OFFER ->
                description.revision() > revision
                        ? description
                        : null; // An offer of a used revision is a repeat, or has lost against ours.
            case ANSWER -> description;
            case CLOSE, CREATE_OFFER -> null;
        };
    }

    /** Notes that the description was sent to the router. */
    void onSent() {
        Description sent = pending;
        if (sent != null && sent.type() == Description.Type.ANSWER) {
            pending = null;
        }
    }

    /** Takes in a description of the router: it answers the offer, or it is an offer of the same revision, against which the client's has
     * lost. */
    void onLocalDescription(Description description) {
        if (description.type() != Description.Type.CREATE_OFFER) {
            revision = Math.max(revision, description.revision());
            Description said = pending;
            if (said != null && said.type() == Description.Type.OFFER && said.revision() <= revision) {
                pending = null;
            }
        }
    }

    /** Returns the description that the router may not have. */
    Optional<Description> description() {
        return Optional.ofNullable(pending);
    }

    /** Returns the description to send once more; empty if there is none or it was sent too often. */
    Optional<Description> repeat(int repeatsMax) {
        if (pending == null || repeats >= repeatsMax) {
            return Optional.empty();
        }
        repeats++;
        return Optional.of(pending);
    }
}
