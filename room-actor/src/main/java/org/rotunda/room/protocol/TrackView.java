package org.rotunda.room.protocol;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.rotunda.media.control.TrackKind;

/**
 * A track that a participant publishes or receives, as the REST API shows it.
 *
 * @param createdAt the time at which the track was published, or from which on the subscriber could receive it
 * @param updatedAt the time at which the publisher last muted or unmuted the track or changed its priority; null before
 *     the first change
 */
public record TrackView(
        TrackSid sid,
        ParticipantSid publisher,
        String name,
        TrackKind kind,
        boolean enabled,
        Instant createdAt,
        @Nullable Instant updatedAt) {}
