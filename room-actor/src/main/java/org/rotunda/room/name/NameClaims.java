package org.rotunda.room.name;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.rotunda.room.name.RoomName.Holder;
import org.rotunda.room.protocol.AccountSid;
import org.rotunda.room.protocol.Failures;
import org.rotunda.room.protocol.RoomCommand;
import org.rotunda.room.protocol.RoomError;
import org.rotunda.room.protocol.RoomProperties;
import org.rotunda.room.protocol.RoomRefusal;
import org.rotunda.room.protocol.RoomSid;
import org.rotunda.room.protocol.RoomStatus;
import org.rotunda.room.protocol.RoomView;

/**
 * Finds or creates the room of a name. Several callers may request the same name at once, and a caller may die
 * half-way. Three rules make sure that a name never means two rooms in progress and is never blocked:
 * <ul>
 * <li>A name belongs to one SID at a time. It leaves that SID only when the room of the SID is over. A room that is
 * over never starts again.
 * <li>A room is created under a SID only once, and only its creator gets a success ({@link RoomCommand.Create}). A
 * repeated request counts as the creator of the room of its own SID, because the answer to the first one may be lost.
 * <li>A claim is not taken back before its room is created, because any caller may create that room at any time.
 * Instead, the next caller creates the room under the claimed SID. It does not matter which caller made the claim, or
 * whether that caller still lives.
 * </ul>
 *
 * <p>Safe to use from any thread. docs/room.md lists the interleavings.
 */
public final class NameClaims {
    /**
     * The maximum number of claims for one request. If the room that has the name is over, the caller releases the name
     * and claims it again.
     */
    static final int CLAIMS_MAX = 3;

    /**
     * A request for the room of a name.
     *
     * @param sid the SID that the name gets if it is free
     * @param orExisting true if the caller also accepts the room that already has the name
     * @param repeated true if an earlier request with this SID got no answer. The caller then also accepts the room of
     *     this SID, if it has the requested properties
     */
    public record NameRequest(
            AccountSid account,
            String name,
            RoomProperties properties,
            RoomSid sid,
            boolean orExisting,
            boolean repeated) {

        /** Returns whether the caller accepts this room, which existed before the request. */
        private boolean accepts(RoomView existing) {
            return orExisting
                    || (repeated
                            && existing.sid().equals(sid)
                            && existing.properties().equals(properties));
        }
    }

    /**
     * The operations on names and rooms that {@link NameClaims} needs. The stage of an operation may fail although the
     * operation was carried out.
     */
    public interface Directory {
        CompletionStage<Holder> claim(NameRequest request);

        void confirm(NameRequest request, RoomSid sid);

        void release(NameRequest request, RoomSid over);

        CompletionStage<RoomView> create(NameRequest request, RoomSid sid);

        CompletionStage<RoomView> fetch(NameRequest request, RoomSid sid);

        /** Reads the row of a room. The row outlives the room's journal. */
        CompletionStage<Optional<RoomView>> row(RoomSid sid);
    }

    private final Directory directory;

    public NameClaims(Directory directory) {
        this.directory = directory;
    }

    /**
     * Returns the room of the requested name. The stage fails with {@link RoomError#ROOM_EXISTS} if a room has the name
     * and the request does not accept this room.
     */
    public CompletionStage<RoomView> room(NameRequest request) {
        return claim(request, CLAIMS_MAX);
    }

    private CompletionStage<RoomView> claim(NameRequest request, int attemptsLeft) {
        if (attemptsLeft == 0) {
            return refused(RoomError.ROOM_CREATE_FAILED);
        }
        return directory.claim(request).thenCompose(holder -> {
            RoomSid sid = holder.sid();
            return sid == null || sid.equals(request.sid())
                    ? create(request, request.sid(), attemptsLeft)
                    : meet(request, sid, holder.confirmed(), attemptsLeft);
        });
    }

    /**
     * Creates the room under the SID. If another caller has already created it, the request continues with that room.
     */
    private CompletionStage<RoomView> create(NameRequest request, RoomSid sid, int attemptsLeft) {
        return directory
                .create(request, sid)
                .thenApply(view -> {
                    directory.confirm(request, sid);
                    return view;
                })
                .exceptionallyCompose(failure -> refusalOf(failure) == RoomError.ROOM_EXISTS
                        ? meet(request, sid, true, attemptsLeft)
                        : CompletableFuture.failedFuture(failure));
    }

    /**
     * Continues with the SID that already has the name. The room of this SID may be in progress, over, or not created
     * yet.
     */
    private CompletionStage<RoomView> meet(NameRequest request, RoomSid sid, boolean created, int attemptsLeft) {
        return directory
                .fetch(request, sid)
                .handle((view, failure) -> {
                    if (failure != null) {
                        return refusalOf(failure) == RoomError.ROOM_NOT_FOUND
                                ? meetUnknown(request, sid, created, attemptsLeft)
                                : CompletableFuture.<RoomView>failedFuture(failure);
                    }
                    if (view.status() != RoomStatus.IN_PROGRESS) {
                        return releaseAndClaim(request, sid, attemptsLeft);
                    }
                    if (!created) {
                        directory.confirm(request, sid);
                    }
                    return request.accepts(view)
                            ? CompletableFuture.completedFuture(view)
                            : NameClaims.<RoomView>refused(RoomError.ROOM_EXISTS);
                })
                .thenCompose(stage -> stage);
    }

    /**
     * Continues with a SID whose entity knows no room. If the room was ever created, it is over and its journal is
     * deleted.
     */
    private CompletionStage<RoomView> meetUnknown(NameRequest request, RoomSid sid, boolean created, int attemptsLeft) {
        if (created) {
            return releaseAndClaim(request, sid, attemptsLeft);
        }
        return directory
                .row(sid)
                .thenCompose(row -> row.filter(view -> view.status() == RoomStatus.COMPLETED)
                                .isPresent()
                        ? releaseAndClaim(request, sid, attemptsLeft)
                        : create(request, sid, attemptsLeft));
    }

    private CompletionStage<RoomView> releaseAndClaim(NameRequest request, RoomSid over, int attemptsLeft) {
        // The entity of the name gets the release before the next claim, because both messages take the same path to
        // that entity.
        directory.release(request, over);
        return claim(request, attemptsLeft - 1);
    }

    private static <T> CompletionStage<T> refused(RoomError error) {
        return CompletableFuture.failedFuture(new RoomRefusal(error));
    }

    private static @Nullable RoomError refusalOf(Throwable failure) {
        return Failures.rootCause(failure) instanceof RoomRefusal refusal ? refusal.error() : null;
    }
}
