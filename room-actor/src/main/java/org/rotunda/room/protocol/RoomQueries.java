package org.rotunda.room.protocol;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Lists rooms and participants from the tables, newest first. Safe to call from any thread; the database is read on the
 * blocking dispatcher.
 */
public interface RoomQueries {
    int LOOKUP_PAGE_SIZE = 1000;

    CompletionStage<Page<RoomView>> rooms(AccountSid account, RoomFilter filter, PageRequest page);

    CompletionStage<Page<ParticipantView>> participants(RoomSid room, ParticipantFilter filter, PageRequest page);

    /**
     * Finds one participant, who may still be in the room or may have left. This default implementation walks through
     * the list; an implementation that can look up a participant by SID should override it.
     */
    default CompletionStage<Optional<ParticipantView>> participant(RoomSid room, ParticipantSid sid) {
        return participant(room, sid, new PageRequest(LOOKUP_PAGE_SIZE, null, null));
    }

    private CompletionStage<Optional<ParticipantView>> participant(RoomSid room, ParticipantSid sid, PageRequest part) {
        return participants(room, new ParticipantFilter(null, null, null, null), part)
                .thenCompose(page -> {
                    Optional<ParticipantView> found = page.records().stream()
                            .filter(participant -> participant.sid().equals(sid))
                            .findFirst();
                    if (found.isPresent() || !page.more() || page.records().isEmpty()) {
                        return CompletableFuture.completedFuture(found);
                    }
                    ParticipantView last = page.records().get(page.records().size() - 1);
                    return participant(
                            room,
                            sid,
                            new PageRequest(
                                    part.size(), last.startedAt(), last.sid().value()));
                });
    }

    /**
     * Conditions for the rooms of a list; null sets no condition. {@code createdAfter} is inclusive, and
     * {@code createdBefore} is exclusive.
     */
    record RoomFilter(
            RoomStatus status,
            @Nullable String uniqueName,
            @Nullable Instant createdAfter,
            @Nullable Instant createdBefore) {}

    /** Conditions for the participants of a list; null sets no condition. */
    record ParticipantFilter(
            @Nullable ParticipantStatus status,
            @Nullable String identity,
            @Nullable Instant createdAfter,
            @Nullable Instant createdBefore) {}

    /**
     * A request for one page of a list. The page begins after a given record, so that inserts do not shift pages.
     *
     * @param size the maximum number of records
     * @param afterCreated the time at which the last room on the previous page was created, or the last participant
     *     connected; null for the first page
     * @param afterSid the SID of that room or participant; null for the first page
     */
    record PageRequest(
            int size,
            @Nullable Instant afterCreated,
            @Nullable String afterSid) {}

    /**
     * One page of a list.
     *
     * @param more true if further records follow
     */
    record Page<T>(List<T> records, boolean more) {
        public Page {
            records = List.copyOf(records);
        }
    }
}
