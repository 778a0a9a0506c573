package org.rotunda.room.name;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.rotunda.room.name.RoomName.Holder;
import org.rotunda.room.protocol.AccountSid;
import org.rotunda.room.protocol.RoomCommand;
import org.rotunda.room.protocol.RoomError;
import org.rotunda.room.protocol.RoomProperties;
import org.rotunda.room.protocol.RoomRefusal;
import org.rotunda.room.protocol.RoomSid;
import org.rotunda.room.protocol.RoomStatus;
import org.rotunda.room.protocol.RoomView;

/**
 * How a name comes to its room, whoever else wants it and whoever dies half-way. The rules that make it so that a name never means two
 * rooms in progress and is never blocked:
 *
 * <ul>
 *   <li>A name belongs to one SID at a time, and leaves it only when the room of that SID is over, which is for ever.
 *   <li>A SID is created once, and only its creator hears so ({@link RoomCommand.Create}).
 *   <li>Nobody gives an unfinished claim back: a room may be made under it at any time. Whoever meets one finishes it, by creating the room
 *       under the SID that has the name. So it does not matter who was to do it, or whether that one lives.
 * </ul>
 *
 * Safe to use from any thread. docs/room.md has the interleavings.
 */
public final class NameClaims {
    /** A claim that meets a room that is over is released and tried again, at most so often. */
    static final int CLAIMS_MAX = 3;

    /** A name and the SID it should get; {@code orExisting} takes the room it has. */
    public record Wanted(AccountSid account, String name, RoomProperties properties, RoomSid sid, boolean orExisting) {}

    /** Names and rooms as claims need them; every stage may fail, and what was asked may have happened all the same. */
    public interface Directory {
        CompletionStage<Holder> claim(Wanted wanted);

        void confirm(Wanted wanted, RoomSid sid);

        void release(Wanted wanted, RoomSid over);

        CompletionStage<RoomView> create(Wanted wanted, RoomSid sid);

        CompletionStage<RoomView> fetch(Wanted wanted, RoomSid sid);

        /** The row of a room, which outlives its journal. */
        CompletionStage<Optional<RoomView>> row(RoomSid sid);
    }

    private final Directory directory;

    public NameClaims(Directory directory) {
        this.directory = directory;
    }

    /** The room of that name; {@link RoomError#ROOM_EXISTS} if it is somebody else's and that is not wanted. */
    public CompletionStage<RoomView> room(Wanted wanted) {
        return claim(wanted, CLAIMS_MAX);
    }

    private CompletionStage<RoomView> claim(Wanted wanted, int attemptsLeft) {
        if (attemptsLeft == 0) {
            return refused(RoomError.ROOM_CREATE_FAILED);
        }
        return directory.claim(wanted).thenCompose(holder -> {
            RoomSid sid = holder.sid();
            return sid == null || sid.equals(wanted.sid())
                    ? create(wanted, wanted.sid(), attemptsLeft)
                    : meet(wanted, sid, holder.confirmed(), attemptsLeft);
        });
    }

    /** Who was faster may have been anybody: the room may be in progress, or over already. */
    private CompletionStage<RoomView> create(Wanted wanted, RoomSid sid, int attemptsLeft) {
        return directory
                .create(wanted, sid)
                .thenApply(view -> {
                    directory.confirm(wanted, sid);
                    return view;
                })
                .exceptionallyCompose(failure -> refusalOf(failure) == RoomError.ROOM_EXISTS
                        ? meet(wanted, sid, true, attemptsLeft)
                        : CompletableFuture.failedFuture(failure));
    }

    /** The name has this SID: of a room in progress, one that is over, or one that nobody has created yet. */
    private CompletionStage<RoomView> meet(Wanted wanted, RoomSid sid, boolean created, int attemptsLeft) {
        return directory
                .fetch(wanted, sid)
                .handle((view, failure) -> {
                    if (failure != null) {
                        return refusalOf(failure) == RoomError.ROOM_NOT_FOUND
                                ? meetUnknown(wanted, sid, created, attemptsLeft)
                                : CompletableFuture.<RoomView>failedFuture(failure);
                    }
                    if (view.status() != RoomStatus.IN_PROGRESS) {
                        return releaseAndClaim(wanted, sid, attemptsLeft);
                    }
                    if (!created) {
                        directory.confirm(wanted, sid);
                    }
                    return wanted.orExisting()
                            ? CompletableFuture.completedFuture(view)
                            : NameClaims.<RoomView>refused(RoomError.ROOM_EXISTS);
                })
                .thenCompose(stage -> stage);
    }

    /** A room that was created and is not known any more is over, and its journal is deleted. */
    private CompletionStage<RoomView> meetUnknown(Wanted wanted, RoomSid sid, boolean created, int attemptsLeft) {
        if (created) {
            return releaseAndClaim(wanted, sid, attemptsLeft);
        }
        return directory
                .row(sid)
                .thenCompose(row -> row.filter(view -> view.status() == RoomStatus.COMPLETED)
                                .isPresent()
                        ? releaseAndClaim(wanted, sid, attemptsLeft)
                        : create(wanted, sid, attemptsLeft));
    }

    private CompletionStage<RoomView> releaseAndClaim(Wanted wanted, RoomSid over, int attemptsLeft) {
        directory.release(wanted, over); // Same way, same order: the name hears of it before the claim.
        return claim(wanted, attemptsLeft - 1);
    }

    private static <T> CompletionStage<T> refused(RoomError error) {
        return CompletableFuture.failedFuture(new RoomRefusal(error));
    }

    private static @Nullable RoomError refusalOf(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return cause instanceof RoomRefusal refusal ? refusal.error() : null;
    }
}
