package org.rotunda.load.livekit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import java.util.List;

/** A message of the server ({@code SignalResponse} of {@code livekit_rtc.proto}), as far as a bot needs it. */
sealed interface SignalResponse {
    /** The first message: the client is in the room, and must ping at this interval. */
    record Joined(int pingSeconds) implements SignalResponse {}

    record Answer(String sdp) implements SignalResponse {}

    /** An offer. The answer repeats its id. */
    record Offer(String sdp, long id) implements SignalResponse {}

    /**
     * A candidate of the server.
     *
     * @param value the value of the attribute, with the prefix {@code candidate:}
     */
    record Candidate(String value) implements SignalResponse {}

    /** The server expects the track with this id in an offer. */
    record TrackAdded(String cid) implements SignalResponse {}

    /** The server ends the session. The reason is a number of the enumeration {@code DisconnectReason}. */
    record Left(long reason) implements SignalResponse {}

    /** Anything else, such as news about others in the room. */
    record Other() implements SignalResponse {}

    int JOIN = 1;
    int ANSWER = 2;
    int OFFER = 3;
    int TRICKLE = 4;
    int TRACK_PUBLISHED = 6;
    int LEAVE = 8;

    int JOIN_PING_INTERVAL = 11;
    int DESCRIPTION_SDP = 2;
    int DESCRIPTION_ID = 3;
    int TRICKLE_CANDIDATE_INIT = 1;
    int TRACK_CID = 1;
    int LEAVE_REASON = 2;

    ObjectMapper JSON = new ObjectMapper();

    /**
     * Parses one message.
     *
     * @throws InvalidProtocolBufferException if the bytes are no protocol buffer
     * @throws JsonProcessingException if a candidate, which is JSON inside of the message, is none
     */
    static SignalResponse parse(byte[] bytes) throws InvalidProtocolBufferException, JsonProcessingException {
        UnknownFieldSet response = UnknownFieldSet.parseFrom(bytes);
        if (response.hasField(JOIN)) {
            return new Joined((int) number(message(response, JOIN), JOIN_PING_INTERVAL));
        } else if (response.hasField(ANSWER)) {
            return new Answer(text(message(response, ANSWER), DESCRIPTION_SDP));
        } else if (response.hasField(OFFER)) {
            UnknownFieldSet offer = message(response, OFFER);
            return new Offer(text(offer, DESCRIPTION_SDP), number(offer, DESCRIPTION_ID));
        } else if (response.hasField(TRICKLE)) {
            String init = text(message(response, TRICKLE), TRICKLE_CANDIDATE_INIT);
            return new Candidate(JSON.readTree(init).path("candidate").asText());
        } else if (response.hasField(TRACK_PUBLISHED)) {
            return new TrackAdded(text(message(response, TRACK_PUBLISHED), TRACK_CID));
        } else if (response.hasField(LEAVE)) {
            return new Left(number(message(response, LEAVE), LEAVE_REASON));
        }
        return new Other();
    }

    private static UnknownFieldSet message(UnknownFieldSet fields, int number) throws InvalidProtocolBufferException {
        return UnknownFieldSet.parseFrom(bytes(fields, number));
    }

    private static String text(UnknownFieldSet fields, int number) {
        return bytes(fields, number).toStringUtf8();
    }

    /** Returns the field; a field that is not there is empty. Of several the last counts, as in every protobuf reader. */
    private static ByteString bytes(UnknownFieldSet fields, int number) {
        List<ByteString> values = fields.getField(number).getLengthDelimitedList();
        return values.isEmpty() ? ByteString.EMPTY : values.get(values.size() - 1);
    }

    private static long number(UnknownFieldSet fields, int number) {
        List<Long> values = fields.getField(number).getVarintList();
        return values.isEmpty() ? 0 : values.get(values.size() - 1);
    }
}
