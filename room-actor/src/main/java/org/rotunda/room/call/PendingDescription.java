package org.rotunda.room.call;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.rotunda.media.control.Description;

/**
 * The last description of a client, kept until the router surely has it. An offer is kept until the router answers it,
 * because the client waits for that answer without limit. An answer is kept only until it is sent, because the router
 * notices when an answer is lost ({@link org.rotunda.media.control.MediaEvent.AnswerOverdue}). Owned by the conductor.
 */
final class PendingDescription {
    private @Nullable Description pending;
    private long revision; // The highest revision of the router's descriptions.
    private int repeats;

    /** Stores the client's next description in place of the previous description. */
    void onSaid(Description description) {
        repeats = 0;
        pending = switch (description.type()) {
            case OFFER ->
                // An offer is not kept if the router has already sent a description of the same or a higher revision.
                // In that case the router has answered this offer, or has overruled it with its own offer (glare).
                description.revision() > revision ? description : null;
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

    /**
     * Handles a description from the router. If its revision is equal to that of the client's pending offer, or higher,
     * the router has answered that offer or has overruled it with its own offer (glare).
     */
    void onLocalDescription(Description description) {
        if (description.type() != Description.Type.CREATE_OFFER) {
            revision = Math.max(revision, description.revision());
            Description said = pending;
            if (said != null && said.type() == Description.Type.OFFER && said.revision() <= revision) {
                pending = null;
            }
        }
    }

    /** Returns the description that the router has possibly not received; empty if there is none. */
    Optional<Description> description() {
        return Optional.ofNullable(pending);
    }

    /**
     * Returns the description to send again; empty if there is none or it was already sent again {@code repeatsMax}
     * times.
     */
    Optional<Description> repeat(int repeatsMax) {
        if (pending == null || repeats >= repeatsMax) {
            return Optional.empty();
        }
        repeats++;
        return Optional.of(pending);
    }
}
