package org.rotunda.room.protocol;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Lists from the tables, newest first. Safe to call from any thread; the database is read on the blocking dispatcher. */
public interface RoomQueries {
    int LOOKUP_PAGE_SIZE = 1000;

    CompletionStage<Page<RoomView>> rooms(AccountSid account, RoomFilter filter, PageRequest page);

    CompletionStage<Page<ParticipantView>> participants(RoomSid room, ParticipantFilter filter, PageRequest page);

    /** One participant, whether there or gone. Goes through the list; an implementation that can look it up should. */
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

    /** Which rooms; null leaves a property open. {@code createdAfter} includes the instant, {@code createdBefore} does not. */
    record RoomFilter(
            RoomStatus status,
            @Nullable String uniqueName,
            @Nullable Instant createdAfter,
            @Nullable Instant createdBefore) {}

    /** Which participants; null leaves a property open. */
    record ParticipantFilter(
            @Nullable ParticipantStatus status,
            @Nullable String identity,
            @Nullable Instant createdAfter,
            @Nullable Instant createdBefore) {}

    /**
     * Which part of the list: after the given key, so that inserts do not shift pages.
     *
     * @param size records at the most
     * @param afterCreated with {@code afterSid} the last record of the page before; null for the first page
     */
    record PageRequest(
            int size,
            @Nullable Instant afterCreated,
            @Nullable String afterSid) {}

    /** A part of a list, and whether more follows. */
    record Page<T>(List<T> records, boolean more) {
        public Page {
            records = List.copyOf(records);
        }
    }
}
