package org.rotunda.record.order;

import io.netty.buffer.ByteBuf;

/**
 * A packet of a recorded track. Who has it owns one reference of the payload.
 *
 * @param sequence the sequence number, extended so that it does not wrap
 * @param timestamp the RTP timestamp
 * @param marker the marker bit: for video, the last packet of its frame
 * @param arrivalMicros when the media node received it, by that node's clock, in microseconds since 1970
 * @param payload the RTP payload with the payload descriptor, its readable bytes
 */
public record MediaPacket(long sequence, int timestamp, boolean marker, long arrivalMicros, ByteBuf payload) {
    public void release() {
        payload.release();
    }
}
