package org.rotunda.room.quota;

import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.rotunda.room.protocol.AccountSid;
import org.rotunda.room.protocol.ParticipantSid;
import org.rotunda.room.protocol.RoomError;
import org.rotunda.room.protocol.RoomSid;
import org.rotunda.room.protocol.RoomType;

/**
 * The seats of accounts, as rooms use them. A room takes a seat before it is created and before it admits a participant,
 * gives seats back, and repeats at intervals which seats it has. Every call may be repeated: seats are counted by SID.
 * Safe to call from any thread; the stages never fail.
 */
public interface Seats {
    /** The seats of accounts without quotas. */
    Seats UNLIMITED = new Seats() {
        @Override
        public boolean areCounted(AccountSid account) {
            return false;
        }

        @Override
        public CompletionStage<Optional<RoomError>> takeRoom(AccountSid account, RoomSid room, RoomType type) {
            return CompletableFuture.completedFuture(Optional.empty());
        }

        @Override
        public CompletionStage<Optional<RoomError>> takeParticipant(
                AccountSid account,
                RoomSid room,
                RoomType type,
                ParticipantSid participant,
                @Nullable ParticipantSid replaces) {
            return CompletableFuture.completedFuture(Optional.empty());
        }

        @Override
        public void giveRoom(AccountSid account, RoomSid room) {}

        @Override
        public void giveParticipant(AccountSid account, RoomSid room, ParticipantSid participant) {}

        @Override
        public void renew(AccountSid account, RoomSid room, RoomType type, Collection<ParticipantSid> participants) {}

        @Override
        public Duration renewEvery() {
            return Duration.ofDays(1);
        }
    };

    /** Returns whether the account has any quota. If not, its rooms need no seats. */
    boolean areCounted(AccountSid account);

    /** Takes the seat of a room. The result is the error with which the room is refused; empty if it has a seat. */
    CompletionStage<Optional<RoomError>> takeRoom(AccountSid account, RoomSid room, RoomType type);

    /**
     * Takes the seat of a participant. The result is like that of {@link #takeRoom}.
     *
     * @param replaces a participant of the room that ends when the new one is admitted, and whose seat the new one takes
     *     over; null if there is none
     */
    CompletionStage<Optional<RoomError>> takeParticipant(
            AccountSid account,
            RoomSid room,
            RoomType type,
            ParticipantSid participant,
            @Nullable ParticipantSid replaces);

    /** Gives back the seats of a room and of all its participants. */
    void giveRoom(AccountSid account, RoomSid room);

    void giveParticipant(AccountSid account, RoomSid room, ParticipantSid participant);

    /** Says which participants of a room have a seat: these, and no others. */
    void renew(AccountSid account, RoomSid room, RoomType type, Collection<ParticipantSid> participants);

    /** Returns the time between two renewals of a room. */
    Duration renewEvery();
}
