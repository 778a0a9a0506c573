package org.rotunda.room.signal;

import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.rotunda.room.protocol.ParticipantSid;

/**
 * What one client was told about who speaks. The client is told only changes, and everything again on a channel that
 * has opened again. Owned by one actor.
 */
public final class SpeakerNotices {
    private @Nullable ParticipantSid told;
    private boolean open;
    private boolean again; // True if the client may have missed the last message.

    /** Notes that the channel has opened, possibly again. */
    public void onOpened() {
        open = true;
        again = true;
    }

    public void onClosed() {
        open = false;
    }

    /**
     * Returns the message that the client still needs.
     *
     * @param speaker who of the others speaks, from this client's point of view; null for nobody
     */
    public Optional<ServerSignal> update(@Nullable ParticipantSid speaker) {
        // A client that has heard nothing believes that nobody speaks.
        boolean isNews = !Objects.equals(told, speaker) || (again && speaker != null);
        if (!open || !isNews) {
            return Optional.empty();
        }
        told = speaker;
        again = false;
        return Optional.of(new ServerSignal.ActiveSpeaker(speaker));
    }
}
