package org.rotunda.media.sctp;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * The data channels of one transport: SCTP over DTLS with in-band set-up (RFC 8831, 8832). Sans-IO: the caller passes
 * the time with every input, and then calls {@link #drainTo} and {@link #nextDeadlineNanos}. Owned by one event loop.
 *
 * <p>The DTLS server uses odd stream ids, the DTLS client even stream ids (RFC 8832 §6). Channels can be opened,
 * adopted and written to before the association is up; their messages wait until it is up.
 */
public final class DataChannels {
    // RFC 8831 §6.6: one zero byte stands for an empty message.
    private static final byte[] EMPTY_MESSAGE = new byte[1];

    private final SctpSettings settings;
    private final DataChannelListener listener;
    private final int firstStreamId;
    private final SctpStatistics statistics = new SctpStatistics();
    private final TreeMap<Integer, DataChannel> channels = new TreeMap<>();
    private final Association association;
    private int outboundStreams;
    private long nowNanos;

    /** Makes the channels of a transport on which we are the DTLS server. */
    public DataChannels(SctpSettings settings, RandomGenerator random, DataChannelListener listener) {
        this(settings, random, ByteBufAllocator.DEFAULT, listener, false);
    }

    /**
     * Makes the channels of a transport.
     *
     * @param isDtlsClient true if we are the DTLS client, as bots and tests are; the role decides whether our stream
     *     ids are odd or even
     */
    public DataChannels(
            SctpSettings settings,
            RandomGenerator random,
            ByteBufAllocator allocator,
            DataChannelListener listener,
            boolean isDtlsClient) {
        this.settings = settings;
        this.listener = listener;
        this.firstStreamId = isDtlsClient ? 0 : 1;
        this.outboundStreams = settings.streams();
        this.association = new Association(settings, statistics, random, allocator, new Events());
    }

    /** Begins the association once DTLS is up. The peer may begin the association without this call. */
    public void start(long nowNanos) {
        this.nowNanos = nowNanos;
        association.start(nowNanos);
    }

    /** Handles one decrypted SCTP packet, which is borrowed for the call. */
    public void onPacket(ByteBuf packet, long nowNanos) {
        this.nowNanos = nowNanos;
        association.onPacket(packet, nowNanos);
    }

    public void onTimeout(long nowNanos) {
        this.nowNanos = nowNanos;
        association.onTimeout(nowNanos);
    }

    /** Passes to the consumer every packet that may leave now. The consumer takes ownership of the packets. */
    public void drainTo(Consumer<ByteBuf> packets) {
        association.drainTo(packets);
    }

    /**
     * Returns the time at which {@link #onTimeout} must be called, or
     * {@link org.rotunda.media.time.Deadline#NO_DEADLINE} if no call is due.
     */
    public long nextDeadlineNanos() {
        return association.nextDeadlineNanos();
    }

    /** Returns whether the association is established. */
    public boolean isUp() {
        return association.isUp();
    }

    /**
     * Opens a channel to the peer. Messages can be sent on the channel at once. Returns the stream id, or -1 if the
     * channel cannot be opened.
     */
    public int open(String label, ChannelParameters parameters, long nowNanos) {
        this.nowNanos = nowNanos;
        association.onInput(nowNanos);
        int streamId = firstStreamId;
        while (channels.containsKey(streamId) || association.streamReset().isPending(streamId)) {
            streamId += 2;
        }
        if (streamId >= outboundStreams || channels.size() >= settings.channelsMax()) {
            statistics.drop(SctpDrop.CHANNEL_LIMIT);
            return -1;
        }
        DataChannel channel = new DataChannel(streamId, label, parameters, false, false);
        if (!offerOpen(channel)) {
            return -1;
        }
        channels.put(streamId, channel);
        return streamId;
    }

    /**
     * Adopts a channel between the client and another node. If that node opened the channel and the client has not
     * acknowledged it, the OPEN is sent again. Returns false if the id is in use or out of range, or if there are too
     * many channels.
     */
    public boolean adopt(ChannelInfo info, long nowNanos) {
        this.nowNanos = nowNanos;
        association.onInput(nowNanos);
        int streamId = info.streamId();
        if (streamId < 0
                || streamId >= outboundStreams
                || channels.containsKey(streamId)
                || channels.size() >= settings.channelsMax()) {
            statistics.drop(SctpDrop.CHANNEL_LIMIT);
            return false;
        }
        DataChannel channel =
                new DataChannel(streamId, info.label(), info.parameters(), info.openedByPeer(), info.acknowledged());
        if (!channel.openedByPeer && !channel.acknowledged && !offerOpen(channel)) {
            return false;
        }
        channels.put(streamId, channel);
        return true;
    }

    /** Returns the open channels in the order of their stream ids, for {@link #adopt} on another node. */
    public List<ChannelInfo> channels() {
        return channels.values().stream()
                .filter(channel -> !channel.closing)
                .map(DataChannel::info)
                .toList();
    }

    /**
     * Queues a copy of the message. Returns false, and counts a drop, when the channel is not open, its buffer is full
     * or the message is too long.
     */
    public boolean send(int streamId, ByteBuf payload, boolean binary, long nowNanos) {
        this.nowNanos = nowNanos;
        association.onInput(nowNanos);
        DataChannel channel = channels.get(streamId);
        if (channel == null || channel.closing) {
            statistics.drop(SctpDrop.SEND_CHANNEL_NOT_OPEN);
            return false;
        }
        int length = payload.readableBytes();
        if (length > settings.messageBytesMax()) {
            statistics.drop(SctpDrop.SEND_MESSAGE_TOO_LONG);
            return false;
        }
        byte[] bytes = EMPTY_MESSAGE;
        if (length > 0) {
            bytes = new byte[length];
            payload.getBytes(payload.readerIndex(), bytes);
        }
        ChannelParameters parameters = channel.parameters;
        boolean accepted = association
                .queue()
                .offer(
                        streamId,
                        PayloadProtocol.of(binary, length == 0),
                        bytes,
                        !parameters.ordered() && channel.acknowledged,
                        parameters.maxRetransmits(),
                        expiry(parameters));
        if (accepted) {
            statistics.messagesSent++;
        }
        return accepted;
    }

    /** Returns the number of bytes of a channel's unconfirmed messages, with a small overhead for each message. */
    public int bufferedBytes(int streamId) {
        return association.queue().bufferedBytes(streamId);
    }

    /** Returns the messages that the peer's application may lack, oldest first. Another node can send them again. */
    public List<UnacknowledgedMessage> unacknowledged(int streamId) {
        List<UnacknowledgedMessage> messages = new ArrayList<>();
        for (OutgoingMessage message : association.queue().undelivered(streamId)) {
            if (message.protocol != PayloadProtocol.DCEP) {
                ByteBuf payload = PayloadProtocol.isEmpty(message.protocol)
                        ? Unpooled.EMPTY_BUFFER
                        : Unpooled.wrappedBuffer(message.payload).asReadOnly();
                messages.add(new UnacknowledgedMessage(payload, PayloadProtocol.isBinary(message.protocol)));
            }
        }
        return messages;
    }

    /**
     * Closes a channel by stream reset (RFC 8831 §6.7), once all its queued messages have been sent. The call is
     * ignored if the id is unknown or already closing.
     */
    public void close(int streamId, long nowNanos) {
        this.nowNanos = nowNanos;
        association.onInput(nowNanos);
        DataChannel channel = channels.get(streamId);
        if (channel != null && !channel.closing) {
            beginClose(channel);
        }
    }

    /** Ends the association by SHUTDOWN. Queued messages are delivered first. */
    public void shutdown(long nowNanos) {
        this.nowNanos = nowNanos;
        association.shutdown(nowNanos);
    }

    /**
     * Ends the association by one ABORT, which leaves with the next drain. Must not be called when the client only
     * moves to another node, because the client would close its channels.
     */
    public void abort(long nowNanos) {
        this.nowNanos = nowNanos;
        association.onInput(nowNanos);
        association.abort(AssociationDownReason.ABORTED, ChunkType.CAUSE_USER_INITIATED);
    }

    /**
     * Discards the association without a packet to the peer and without a call of the listener, for example because
     * another node continues with the client.
     */
    public void dispose() {
        association.dispose();
        channels.clear();
    }

    public SctpStatistics statistics() {
        return statistics;
    }

    /** Returns the association, for tests. */
    Association association() {
        return association;
    }

    private long expiry(ChannelParameters parameters) {
        return parameters.maxPacketLifeTimeMs() == ChannelParameters.UNLIMITED
                ? Long.MAX_VALUE
                : nowNanos + parameters.maxPacketLifeTimeMs() * 1_000_000L;
    }

    /** Sends the OPEN of a channel. DCEP messages are ordered and reliable on every channel (RFC 8832 §6). */
    private boolean offerOpen(DataChannel channel) {
        return offerDcep(channel.streamId, Dcep.open(channel.label, channel.parameters));
    }

    private boolean offerDcep(int streamId, byte[] message) {
        return association
                .queue()
                .offer(streamId, PayloadProtocol.DCEP, message, false, ChannelParameters.UNLIMITED, Long.MAX_VALUE);
    }

    private void beginClose(DataChannel channel) {
        channel.closing = true;
        association.resetStream(channel.streamId, nowNanos);
    }

    private void settleClose(DataChannel channel) {
        if (channel.outgoingReset && channel.incomingReset && channels.remove(channel.streamId, channel)) {
            listener.onChannelClosed(channel.streamId);
        }
    }

    private void closeAll() {
        while (!channels.isEmpty()) {
            listener.onChannelClosed(channels.pollFirstEntry().getKey());
        }
    }

    /** Handles the events of the association. */
    private final class Events implements Association.Listener {
        @Override
        public void onUp(int streams) {
            limitStreams(streams);
            listener.onAssociationUp();
        }

        @Override
        public void onRestarted(int streams) {
            limitStreams(streams);
            listener.onAssociationRestarted();
        }

        @Override
        public void onDown(AssociationDownReason reason) {
            outboundStreams = settings.streams();
            closeAll();
            listener.onAssociationDown(reason);
        }

        @Override
        public void onMessage(int streamId, int protocol, ByteBuf payload) {
            if (protocol == PayloadProtocol.DCEP) {
                onDcep(streamId, payload);
                return;
            }
            DataChannel channel = channels.get(streamId);
            if (channel == null || channel.incomingReset) {
                statistics.drop(SctpDrop.DATA_UNKNOWN_CHANNEL);
                return;
            }
            boolean binary = PayloadProtocol.isBinary(protocol);
            if (!binary && !PayloadProtocol.isText(protocol)) {
                statistics.drop(SctpDrop.DATA_UNKNOWN_PROTOCOL);
                return;
            }
            acknowledged(channel); // Data proves, like an ACK, that the peer has the channel.
            statistics.messagesReceived++;
            listener.onMessage(streamId, PayloadProtocol.isEmpty(protocol) ? Unpooled.EMPTY_BUFFER : payload, binary);
        }

        @Override
        public void onMessageTooLong(int streamId) {
            statistics.drop(SctpDrop.MESSAGE_TOO_LONG);
            DataChannel channel = channels.get(streamId);
            if (channel != null && !channel.closing) {
                beginClose(channel);
            }
        }

        @Override
        public void onOutgoingReset(int streamId) {
            DataChannel channel = channels.get(streamId);
            if (channel != null && channel.closing) {
                channel.outgoingReset = true;
                settleClose(channel);
            }
        }

        @Override
        public void onIncomingReset(int streamId) {
            association.receiver().resetStream(streamId);
            DataChannel channel = channels.get(streamId);
            if (channel == null) {
                return;
            }
            channel.incomingReset = true;
            if (!channel.closing) {
                association.queue().dropUnsent(streamId); // The peer has closed the channel and reads no more messages.
                beginClose(channel);
            }
            settleClose(channel);
        }

        @Override
        public void onResetRequested(int streamId) {
            DataChannel channel = channels.get(streamId);
            if (channel != null && !channel.closing) {
                beginClose(channel);
            }
        }

        private void onDcep(int streamId, ByteBuf message) {
            if (Dcep.isOpen(message)) {
                Dcep.Open open = Dcep.readOpen(message);
                if (open == null) {
                    statistics.drop(SctpDrop.DCEP_MALFORMED);
                    return;
                }
                onOpen(streamId, open);
            } else if (Dcep.isAck(message)) {
                DataChannel channel = channels.get(streamId);
                if (channel == null || channel.openedByPeer) {
                    statistics.drop(SctpDrop.DCEP_UNEXPECTED);
                    return;
                }
                acknowledged(channel);
            } else {
                statistics.drop(SctpDrop.DCEP_MALFORMED);
            }
        }

        /**
         * Handles an OPEN. If its stream id is in use here, the client has lost the old channel without telling us, for
         * example during a move between nodes. The old channel is then closed first.
         */
        private void onOpen(int streamId, Dcep.Open open) {
            DataChannel former = channels.get(streamId);
            if (former != null) {
                association.queue().dropUnsent(streamId);
                association.streamReset().forget(streamId);
                channels.remove(streamId);
                listener.onChannelClosed(streamId);
            }
            boolean isOurs = streamId % 2 == firstStreamId;
            if (channels.containsKey(streamId) || (isOurs && former == null)) {
                statistics.drop(SctpDrop.DCEP_UNEXPECTED);
                refuse(streamId);
                return;
            }
            if (channels.size() >= settings.channelsMax() || streamId >= outboundStreams) {
                statistics.drop(SctpDrop.CHANNEL_LIMIT);
                refuse(streamId);
                return;
            }
            DataChannel channel = new DataChannel(streamId, open.label(), open.parameters(), true, true);
            channels.put(streamId, channel);
            if (!offerDcep(streamId, Dcep.ack())) {
                channels.remove(streamId);
                return;
            }
            listener.onChannelOpen(streamId, open.label(), open.parameters(), true);
        }

        /** Refuses an OPEN: resets the stream (RFC 8832 §6). */
        private void refuse(int streamId) {
            association.resetStream(streamId, nowNanos);
        }

        private void acknowledged(DataChannel channel) {
            if (!channel.acknowledged) {
                channel.acknowledged = true;
                listener.onChannelOpen(channel.streamId, channel.label, channel.parameters, false);
            }
        }

        /**
         * Closes the channels whose ids exceed the peer's number of streams. Such channels were opened or adopted
         * before that number was known.
         */
        private void limitStreams(int streams) {
            outboundStreams = streams;
            while (!channels.isEmpty() && channels.lastKey() >= streams) {
                int streamId = channels.lastKey();
                channels.remove(streamId);
                association.queue().dropUnsent(streamId);
                statistics.drop(SctpDrop.CHANNEL_LIMIT);
                listener.onChannelClosed(streamId);
            }
        }
    }
}
