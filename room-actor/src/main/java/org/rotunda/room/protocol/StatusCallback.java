package org.rotunda.room.protocol;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A status callback that is not delivered: one event of a room, and the URL that the application wants to be called.
 *
 * @param sequenceNumber the number of the callback in its room, from 0
 * @param event the name of the event, such as {@code participant-connected}
 * @param url the URL as the application has given it
 * @param method {@code POST} or {@code GET}
 * @param form the parameters, as {@link CallbackForm} encodes them
 * @param attempts the number of attempts since the callback was created or last resent
 * @param retriedFrom the time at which the callback was created or last resent; from here on it is retried
 * @param lastAttempt the last attempt, which has failed; null before the first attempt
 */
public record StatusCallback(
        CallbackSid sid,
        RoomSid room,
        AccountSid account,
        long sequenceNumber,
        String event,
        Instant happenedAt,
        String url,
        String method,
        String form,
        CallbackStatus status,
        int attempts,
        Instant retriedFrom,
        @Nullable FailedAttempt lastAttempt) {

    /**
     * An attempt that has failed.
     *
     * @param httpStatus the status that the receiver answered; 0 if it did not answer
     * @param detail a sentence for the application's developer, at most {@value #DETAIL_LENGTH_MAX} characters
     */
    public record FailedAttempt(Instant at, CallbackFailure failure, int httpStatus, String detail) {
        /** The greatest length of a detail. Longer texts are cut. */
        public static final int DETAIL_LENGTH_MAX = 256;

        public FailedAttempt {
            detail = cut(StorableText.isStorable(detail) ? detail : failure.name());
        }

        private static String cut(String text) {
            if (text.length() <= DETAIL_LENGTH_MAX) {
                return text;
            }
            boolean splitsPair = Character.isHighSurrogate(text.charAt(DETAIL_LENGTH_MAX - 1));
            return text.substring(0, splitsPair ? DETAIL_LENGTH_MAX - 1 : DETAIL_LENGTH_MAX);
        }
    }
}
