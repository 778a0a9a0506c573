package org.rotunda.load.livekit;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import com.google.protobuf.UnknownFieldSet.Field;
import java.util.List;

/**
 * Writes the requests of a client (message {@code SignalRequest} of {@code livekit_rtc.proto}), with the few fields that
 * a bot needs. The numbers of the fields stand here, so no code is generated. Pure.
 */
final class SignalRequest {
    private static final int OFFER = 1;
    private static final int ANSWER = 2;
    private static final int ADD_TRACK = 4;
    private static final int LEAVE = 8;
    private static final int PING_REQ = 16;

    private static final int DESCRIPTION_TYPE = 1;
    private static final int DESCRIPTION_SDP = 2;
    private static final int DESCRIPTION_ID = 3;

    private static final int TRACK_CID = 1;
    private static final int TRACK_NAME = 2;
    private static final int TRACK_TYPE = 3;
    private static final int TRACK_WIDTH = 4;
    private static final int TRACK_HEIGHT = 5;
    private static final int TRACK_SOURCE = 8;
    private static final int TRACK_LAYERS = 9;
    private static final int TYPE_VIDEO = 1;
    private static final int SOURCE_CAMERA = 1;

    private static final int LAYER_QUALITY = 1;
    private static final int LAYER_WIDTH = 2;
    private static final int LAYER_HEIGHT = 3;
    private static final int LAYER_BITRATE = 4;

    private static final int LEAVE_REASON = 2;
    private static final int REASON_CLIENT_INITIATED = 1;

    private static final int PING_TIMESTAMP = 1;

    /**
     * One layer of simulcast.
     *
     * @param bitrateBps the target bit rate
     */
    record Layer(int width, int height, int bitrateBps) {}

    private SignalRequest() {}

    static byte[] offer(String sdp) {
        return request(OFFER, description("offer", sdp).build());
    }

    /** @param offerId the id of the server's offer */
    static byte[] answer(String sdp, long offerId) {
        return request(
                ANSWER,
                description("answer", sdp)
                        .addField(DESCRIPTION_ID, number(offerId))
                        .build());
    }

    /**
     * Announces a track before it is offered.
     *
     * @param cid the track's id in the offer
     * @param layers the layers from the lowest to the highest; three of them are LiveKit's qualities LOW, MEDIUM and
     *     HIGH, with the numbers 0, 1 and 2
     */
    static byte[] addCamera(String cid, List<Layer> layers) {
        Layer highest = layers.get(layers.size() - 1);
        UnknownFieldSet.Builder track = UnknownFieldSet.newBuilder()
                .addField(TRACK_CID, text(cid))
                .addField(TRACK_NAME, text("camera"))
                .addField(TRACK_TYPE, number(TYPE_VIDEO))
                .addField(TRACK_WIDTH, number(highest.width))
                .addField(TRACK_HEIGHT, number(highest.height))
                .addField(TRACK_SOURCE, number(SOURCE_CAMERA));
        Field.Builder list = Field.newBuilder();
        for (int quality = 0; quality < layers.size(); quality++) {
            Layer layer = layers.get(quality);
            UnknownFieldSet.Builder fields = UnknownFieldSet.newBuilder()
                    .addField(LAYER_WIDTH, number(layer.width))
                    .addField(LAYER_HEIGHT, number(layer.height))
                    .addField(LAYER_BITRATE, number(layer.bitrateBps));
            if (quality > 0) { // A field that is 0 is left out.
                fields.addField(LAYER_QUALITY, number(quality));
            }
            list.addLengthDelimited(fields.build().toByteString());
        }
        return request(ADD_TRACK, track.addField(TRACK_LAYERS, list.build()).build());
    }

    /** @param unixMillis the time of this message */
    static byte[] ping(long unixMillis) {
        return request(
                PING_REQ,
                UnknownFieldSet.newBuilder()
                        .addField(PING_TIMESTAMP, number(unixMillis))
                        .build());
    }

    static byte[] leave() {
        return request(
                LEAVE,
                UnknownFieldSet.newBuilder()
                        .addField(LEAVE_REASON, number(REASON_CLIENT_INITIATED))
                        .build());
    }

    private static UnknownFieldSet.Builder description(String type, String sdp) {
        return UnknownFieldSet.newBuilder()
                .addField(DESCRIPTION_TYPE, text(type))
                .addField(DESCRIPTION_SDP, text(sdp));
    }

    private static byte[] request(int kind, UnknownFieldSet message) {
        return UnknownFieldSet.newBuilder()
                .addField(
                        kind,
                        Field.newBuilder()
                                .addLengthDelimited(message.toByteString())
                                .build())
                .build()
                .toByteArray();
    }

    private static Field text(String value) {
        return Field.newBuilder()
                .addLengthDelimited(ByteString.copyFromUtf8(value))
                .build();
    }

    private static Field number(long value) {
        return Field.newBuilder().addVarint(value).build();
    }
}
