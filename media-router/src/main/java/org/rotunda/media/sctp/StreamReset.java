package org.rotunda.media.sctp;

import static org.rotunda.media.time.Deadline.NO_DEADLINE;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import java.util.TreeSet;

/**
 * Stream reset in both directions (RFC 6525). We send one outgoing request at a time and repeat it until it is
 * answered. A request of the peer is performed when all DATA that the peer sent before the request has arrived.
 */
final class StreamReset {
    private static final int RESULT_NOTHING_TO_DO = 0; // RFC 6525 §4.4.
    private static final int RESULT_PERFORMED = 1;
    private static final int RESULT_DENIED = 2;
    private static final int RESULT_BAD_SEQUENCE_NUMBER = 5;
    private static final int RESULT_IN_PROGRESS = 6;
    private static final int OUTGOING_HEADER_BYTES = 16;
    private static final int INCOMING_HEADER_BYTES = 8;
    private static final int RESPONSE_BYTES = 12;
    private static final int STREAMS_PER_REQUEST_MAX = 256; // 256 streams fill half a packet.

    /** Receives the events of stream resets. */
    interface Listener {
        /** Called when the peer has performed or refused the reset of our direction. */
        void onOutgoingReset(int streamId);

        /** Called when the peer has reset its direction. */
        void onIncomingReset(int streamId);

        /** Called when the peer asks us to reset our direction. */
        void onResetRequested(int streamId);
    }

    private final SctpSettings settings;
    private final SctpStatistics statistics;
    private final SendQueue queue;
    private final RtoEstimator rto;
    private final Listener listener;
    private final TreeSet<Integer> waiting = new TreeSet<>();

    // The streams of our pending request; empty if there is no pending request.
    private int[] requested = {};
    private int requestNumber;
    private int requestLastTsn;
    private boolean requestDue;
    private int attempts;
    private long deadlineNanos = NO_DEADLINE;

    private int expectedNumber;
    private int lastResult = RESULT_NOTHING_TO_DO;
    private int[] deferred = {}; // These streams are reset once deferredTsn has arrived.
    private boolean requestDeferred;
    private int deferredTsn;

    StreamReset(
            SctpSettings settings, SctpStatistics statistics, SendQueue queue, RtoEstimator rto, Listener listener) {
        this.settings = settings;
        this.statistics = statistics;
        this.queue = queue;
        this.rto = rto;
        this.listener = listener;
    }

    /** Starts over for a new or restarted association. Unconfirmed resets are requested again. */
    void begin(int myInitialTsn, int peerInitialTsn) {
        for (int streamId : requested) {
            waiting.add(streamId);
        }
        requested = new int[0];
        requestNumber = myInitialTsn - 1;
        requestDue = false;
        deadlineNanos = NO_DEADLINE;
        expectedNumber = peerInitialTsn;
        lastResult = RESULT_NOTHING_TO_DO;
        deferred = new int[0];
        requestDeferred = false;
    }

    /** Resets our direction of the stream once all its queued messages have been sent. */
    void request(int streamId) {
        waiting.add(streamId);
    }

    boolean isPending(int streamId) {
        return waiting.contains(streamId) || Arrays.stream(requested).anyMatch(id -> id == streamId);
    }

    /** Cancels a reset that has not been requested yet, because the peer uses the stream for a new channel. */
    void forget(int streamId) {
        waiting.remove(streamId);
    }

    /** Handles a RE-CONFIG chunk. Answers go to {@code replies}. */
    void onReconfig(ByteBuf packet, int chunk, int cumulativeTsn, Replies replies, long nowNanos) {
        int end = SctpPacket.chunkEnd(packet, chunk);
        int parameter = chunk + SctpPacket.CHUNK_HEADER_BYTES;
        // A chunk has at most two parameters (RFC 6525 §3.1).
        for (int count = 0; count < 2 && parameter < end; count++) {
            if (!SctpPacket.hasParameter(packet, parameter, end)) {
                statistics.drop(SctpDrop.RESET_MALFORMED);
                return;
            }
            onParameter(packet, parameter, cumulativeTsn, replies, nowNanos);
            parameter = SctpPacket.nextParameter(packet, parameter);
        }
    }

    /** Performs the deferred reset once {@code deferredTsn} has arrived. */
    void onCumulativeTsn(int cumulativeTsn) {
        if (requestDeferred && !Serial.isBefore(cumulativeTsn, deferredTsn)) {
            int[] streams = deferred;
            requestDeferred = false;
            deferred = new int[0];
            lastResult = RESULT_PERFORMED; // The peer repeats its request and then gets this result.
            resetIncoming(streams);
        }
    }

    void stop() {
        waiting.clear();
        requested = new int[0];
        requestDue = false;
        requestDeferred = false;
        deadlineNanos = NO_DEADLINE;
    }

    void onTimeout(long nowNanos) {
        if (deadlineNanos <= nowNanos) {
            deadlineNanos = NO_DEADLINE;
            requestDue = true;
        }
    }

    long nextDeadlineNanos() {
        return deadlineNanos;
    }

    void drainTo(PacketWriter writer, int lastAssignedTsn, long nowNanos) {
        if (requested.length == 0 && !waiting.isEmpty()) {
            requested = waiting.stream()
                    .filter(queue::isSent)
                    .limit(STREAMS_PER_REQUEST_MAX)
                    .mapToInt(Integer::intValue)
                    .toArray();
            if (requested.length > 0) {
                for (int streamId : requested) {
                    waiting.remove(streamId);
                    queue.pause(streamId);
                }
                requestNumber++;
                requestLastTsn = lastAssignedTsn;
                requestDue = true;
                attempts = 0;
            }
        }
        if (requestDue) {
            writeRequest(writer);
            requestDue = false;
            deadlineNanos =
                    nowNanos + Math.min(settings.rtoMaxMs() * 1_000_000L, rto.rtoNanos() << Math.min(attempts, 4));
            attempts++;
        }
    }

    private void writeRequest(PacketWriter writer) {
        int parameterBytes = OUTGOING_HEADER_BYTES + 2 * requested.length;
        ByteBuf out = writer.beginChunk(ChunkType.RE_CONFIG, 0, parameterBytes);
        out.writeShort(ChunkType.PARAMETER_OUTGOING_RESET).writeShort(parameterBytes);
        out.writeInt(requestNumber).writeInt(expectedNumber - 1).writeInt(requestLastTsn);
        for (int streamId : requested) {
            out.writeShort(streamId);
        }
        writer.endChunk();
    }

    private void onParameter(ByteBuf packet, int parameter, int cumulativeTsn, Replies replies, long nowNanos) {
        int length = SctpPacket.parameterLength(packet, parameter);
        switch (SctpPacket.parameterType(packet, parameter)) {
            case ChunkType.PARAMETER_OUTGOING_RESET -> {
                if (length < OUTGOING_HEADER_BYTES) {
                    statistics.drop(SctpDrop.RESET_MALFORMED);
                } else {
                    onOutgoingRequest(packet, parameter, cumulativeTsn, replies);
                }
            }
            case ChunkType.PARAMETER_INCOMING_RESET -> {
                if (length < INCOMING_HEADER_BYTES) {
                    statistics.drop(SctpDrop.RESET_MALFORMED);
                } else {
                    onIncomingRequest(packet, parameter, replies);
                }
            }
            case ChunkType.PARAMETER_RESET_RESPONSE -> {
                if (length < RESPONSE_BYTES) {
                    statistics.drop(SctpDrop.RESET_MALFORMED);
                } else {
                    onResponse(packet.getInt(parameter + 4), packet.getInt(parameter + 8), nowNanos);
                }
            }
            case ChunkType.PARAMETER_TSN_RESET, ChunkType.PARAMETER_ADD_OUTGOING, ChunkType.PARAMETER_ADD_INCOMING -> {
                if (length < INCOMING_HEADER_BYTES) {
                    statistics.drop(SctpDrop.RESET_MALFORMED);
                } else if (isNewRequest(packet.getInt(parameter + 4), replies)) {
                    // WebRTC does not use these requests.
                    answer(packet.getInt(parameter + 4), RESULT_DENIED, replies);
                }
            }
            default -> statistics.drop(SctpDrop.RESET_MALFORMED);
        }
    }

    private void onOutgoingRequest(ByteBuf packet, int parameter, int cumulativeTsn, Replies replies) {
        int number = packet.getInt(parameter + 4);
        int lastTsn = packet.getInt(parameter + 12);
        boolean retriesDeferred = number == expectedNumber - 1 && lastResult == RESULT_IN_PROGRESS;
        if (!retriesDeferred && !isNewRequest(number, replies)) {
            return;
        }
        int[] streams = streams(packet, parameter, OUTGOING_HEADER_BYTES);
        if (Serial.isBefore(cumulativeTsn, lastTsn)) {
            requestDeferred = true;
            deferred = streams;
            deferredTsn = lastTsn;
            answer(number, RESULT_IN_PROGRESS, replies);
            return;
        }
        requestDeferred = false;
        answer(number, RESULT_PERFORMED, replies);
        resetIncoming(streams);
    }

    private void onIncomingRequest(ByteBuf packet, int parameter, Replies replies) {
        int number = packet.getInt(parameter + 4);
        if (!isNewRequest(number, replies)) {
            return;
        }
        answer(number, RESULT_PERFORMED, replies);
        for (int streamId : streams(packet, parameter, INCOMING_HEADER_BYTES)) {
            listener.onResetRequested(streamId);
        }
    }

    /**
     * Returns whether a request is new. A repeated request gets the same answer again. Any other number is an error
     * (RFC 6525 §5.2.1).
     */
    private boolean isNewRequest(int number, Replies replies) {
        if (number == expectedNumber) {
            return true;
        }
        statistics.drop(SctpDrop.RESET_UNEXPECTED);
        reply(number, number == expectedNumber - 1 ? lastResult : RESULT_BAD_SEQUENCE_NUMBER, replies);
        return false;
    }

    private void answer(int number, int result, Replies replies) {
        expectedNumber = number + 1;
        lastResult = result;
        reply(number, result, replies);
    }

    private static void reply(int number, int result, Replies replies) {
        replies.reply(
                ChunkType.RE_CONFIG,
                0,
                value -> value.writeShort(ChunkType.PARAMETER_RESET_RESPONSE)
                        .writeShort(RESPONSE_BYTES)
                        .writeInt(number)
                        .writeInt(result));
    }

    private void onResponse(int number, int result, long nowNanos) {
        if (requested.length == 0 || number != requestNumber) {
            statistics.drop(SctpDrop.RESET_UNEXPECTED);
            return;
        }
        int[] streams = requested;
        requestDue = false;
        if (result == RESULT_IN_PROGRESS) {
            // The request is repeated under a new number, because dcSCTP answers a repeated number with its old answer.
            requestNumber++;
            deadlineNanos = nowNanos + rto.rtoNanos();
            return;
        }
        requested = new int[0];
        deadlineNanos = NO_DEADLINE;
        if (result != RESULT_PERFORMED && result != RESULT_NOTHING_TO_DO) {
            // The peer refused. We close the channel nevertheless.
            statistics.drop(SctpDrop.RESET_UNEXPECTED);
        }
        for (int streamId : streams) {
            queue.resetStream(streamId);
            listener.onOutgoingReset(streamId);
        }
    }

    private void resetIncoming(int[] streams) {
        for (int streamId : streams) {
            listener.onIncomingReset(streamId);
        }
    }

    /**
     * Returns the streams of a request. An empty list in the request means all streams (RFC 6525 §4.1). Stream ids out
     * of range are left out.
     */
    private int[] streams(ByteBuf packet, int parameter, int headerBytes) {
        int listed = (SctpPacket.parameterLength(packet, parameter) - headerBytes) / 2;
        if (listed == 0) {
            int[] all = new int[settings.streams()];
            Arrays.setAll(all, id -> id);
            return all;
        }
        int[] streams = new int[listed];
        int count = 0;
        for (int i = 0; i < listed; i++) {
            int streamId = packet.getUnsignedShort(parameter + headerBytes + 2 * i);
            if (streamId < settings.streams()) {
                streams[count++] = streamId;
            }
        }
        return Arrays.copyOf(streams, count);
    }
}
