package org.rotunda.media.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.rotunda.media.control.DataMessage;
import org.rotunda.media.sctp.AssociationDownReason;
import org.rotunda.media.sctp.ChannelInfo;
import org.rotunda.media.sctp.ChannelParameters;
import org.rotunda.media.sctp.DataChannelListener;
import org.rotunda.media.sctp.DataChannels;
import org.rotunda.media.sctp.SctpSettings;
import org.rotunda.media.sctp.UnacknowledgedMessage;
import org.rotunda.media.text.Utf8;
import org.rotunda.media.time.Deadline;

/**
 * The data channels of one transport, by label. The client opens channels for its data tracks. We open channels to the
 * client for media signaling and for the data tracks of other participants. Owned by one event loop.
 *
 * <p>{@link #setDesired} sets the channels that we keep open. A missing channel is opened after {@link #start}. If the
 * client closes a channel that we keep open, we open it again.
 */
final class ChannelBoard {
    /**
     * The maximum length of a message on a media-signaling channel. The longest JSON text of the protocol is far
     * shorter.
     */
    static final int SIGNALING_TEXT_BYTES_MAX = 64 * 1024;

    interface Listener {
        void signalingChannelChanged(String label, boolean open);

        void signalingText(String label, String text);

        /**
         * Called when the set of channels has changed. May be called many times during one input. The handover to the
         * next node contains the list of channels, so the handover has changed too.
         */
        void channelsChanged();
    }

    private final DataChannels channels;
    private final ClientChannels clientChannels;
    private final Listener listener;
    private final DropStatistics drops;
    private final Map<Integer, Channel> byStream = new HashMap<>();
    private final Map<String, Channel> ours = new HashMap<>();
    private final Map<String, Channel> clients = new HashMap<>();
    private Set<String> signaling = Set.of();
    private Map<String, ChannelParameters> data = Map.of();
    private Set<String> kept = Set.of();
    private final MoveHold hold = new MoveHold();
    private boolean started;
    private boolean reconcileNeeded; // True if the client has closed a channel of ours.

    ChannelBoard(
            SctpSettings settings,
            RandomGenerator random,
            ClientChannels clientChannels,
            Listener listener,
            DropStatistics drops) {
        this.channels = new DataChannels(settings, random, new Events());
        this.clientChannels = clientChannels;
        this.listener = listener;
        this.drops = drops;
    }

    /**
     * Replaces the set of channels that we keep open to the client.
     *
     * @param signalingLabels labels of the reliable, ordered channels for media signaling
     * @param dataTracks labels of the subscribed data tracks, with the parameters that their publishers chose
     * @param silent labels of subscribed data tracks whose publisher is missing. Their open channels are kept, because
     *     the publisher may be moving to another node
     */
    void setDesired(
            Set<String> signalingLabels, Map<String, ChannelParameters> dataTracks, Set<String> silent, long nowNanos) {
        signaling = Set.copyOf(signalingLabels);
        data = Map.copyOf(dataTracks);
        kept = Set.copyOf(silent);
        for (String label : signaling) {
            Channel channel = ours.get(label);
            if (channel != null && channel.open) {
                announce(channel); // Another node opened this channel, and we have adopted it.
            }
        }
        reconcile(nowNanos);
    }

    /** Reports each open media-signaling channel to the room again. */
    void reportOpen() {
        for (Channel channel : ours.values()) {
            if (channel.announced && signaling.contains(channel.label)) {
                listener.signalingChannelChanged(channel.label, true);
            }
        }
    }

    private void announce(Channel channel) {
        if (!channel.announced) {
            channel.announced = true;
            listener.signalingChannelChanged(channel.label, true);
        }
    }

    /** Starts the association. Called when DTLS is up and the client has an m-line for data. */
    void start(long nowNanos) {
        if (!started) {
            started = true;
            hold.onStarted(nowNanos);
            channels.start(nowNanos);
            reconcile(nowNanos);
        }
    }

    boolean isStarted() {
        return started;
    }

    /** Adopts the open channels of a connection that moves here from another node. Called before {@link #start}. */
    void adopt(List<ChannelInfo> known, long nowNanos) {
        for (ChannelInfo info : known) {
            if (channels.adopt(info, nowNanos)) {
                Channel channel = new Channel(info.streamId(), info.label(), info.acknowledged());
                byStream.put(info.streamId(), channel);
                (info.openedByPeer() ? clients : ours).put(info.label(), channel);
                if (info.openedByPeer()) {
                    clientChannels.onOpened(info.label(), info.parameters());
                } else if (isReliable(info.parameters())) {
                    hold.add(info.label());
                }
            }
        }
    }

    List<ChannelInfo> open() {
        return channels.channels();
    }

    /** Sends a message. If the channel does not exist or its buffer is full, the message is dropped and counted. */
    void send(String label, ByteBuf payload, boolean binary, long nowNanos) {
        Channel channel = ours.get(label);
        if (channel == null) {
            drops.count(TransportDrop.DATA_UNROUTED);
        } else {
            send(channel, payload, binary, nowNanos);
        }
    }

    void sendText(String label, String text, long nowNanos) {
        Channel channel = ours.get(label);
        if (channel == null || !channel.open) {
            drops.count(TransportDrop.CHANNEL_NOT_OPEN);
        } else {
            send(channel, Unpooled.wrappedBuffer(text.getBytes(StandardCharsets.UTF_8)), false, nowNanos);
        }
    }

    private void send(Channel channel, ByteBuf payload, boolean binary, long nowNanos) {
        if (hold.isHeld(channel.label)) {
            if (hold.hold(channel.label, payload, binary, nowNanos)) {
                return;
            }
            release(channel.label, nowNanos);
        }
        sendNow(channel, payload, binary, nowNanos);
    }

    private void sendNow(Channel channel, ByteBuf payload, boolean binary, long nowNanos) {
        if (!channels.send(channel.streamId, payload, binary, nowNanos)) {
            drops.count(TransportDrop.DATA_BUFFER_FULL);
        }
    }

    /**
     * Sends again the messages that the client may not have received from the previous node, and then the new messages
     * that were held back. If the hold of a channel has ended already, the repeated messages come after newer messages.
     * That is better than losing them.
     */
    void repeat(List<DataMessage> messages, long nowNanos) {
        for (DataMessage message : messages) {
            Channel channel = ours.get(message.label());
            if (channel == null) {
                drops.count(TransportDrop.DATA_UNROUTED);
            } else {
                sendNow(channel, Unpooled.wrappedBuffer(message.payload()), message.binary(), nowNanos);
            }
        }
        hold.labels().forEach(label -> release(label, nowNanos));
    }

    private void release(String label, long nowNanos) {
        Channel channel = ours.get(label);
        for (DataMessage message : hold.release(label)) {
            if (channel == null) {
                drops.count(TransportDrop.DATA_UNROUTED);
            } else {
                sendNow(channel, Unpooled.wrappedBuffer(message.payload()), message.binary(), nowNanos);
            }
        }
    }

    /**
     * Returns the messages on our reliable channels that the client may not have received. The next node sends them
     * again. The messages of each channel are in order. Channels with a limit on retransmissions or lifetime are left
     * out, because their applications accept loss.
     */
    List<DataMessage> unacknowledged(int bytesMax) {
        List<DataMessage> messages = new ArrayList<>();
        int bytes = 0;
        for (ChannelInfo info : channels.channels()) {
            Channel channel = byStream.get(info.streamId());
            if (channel == null || ours.get(channel.label) != channel || !isReliable(info.parameters())) {
                continue;
            }
            List<DataMessage> ofChannel = new ArrayList<>();
            for (UnacknowledgedMessage message : channels.unacknowledged(channel.streamId)) {
                ofChannel.add(
                        new DataMessage(channel.label, message.binary(), ByteBufUtil.getBytes(message.payload())));
            }
            ofChannel.addAll(hold.held(channel.label));
            for (DataMessage message : ofChannel) {
                bytes += message.chargedBytes();
                if (bytes > bytesMax) {
                    drops.count(TransportDrop.DATA_NOT_HANDED_OVER);
                } else {
                    messages.add(message);
                }
            }
        }
        return messages;
    }

    private static boolean isReliable(ChannelParameters parameters) {
        return parameters.maxRetransmits() == ChannelParameters.UNLIMITED
                && parameters.maxPacketLifeTimeMs() == ChannelParameters.UNLIMITED;
    }

    void onPacket(ByteBuf packet, long nowNanos) {
        channels.onPacket(packet, nowNanos);
        reconcileIfNeeded(nowNanos);
    }

    void onTimeout(long nowNanos) {
        channels.onTimeout(nowNanos);
        if (nowNanos >= hold.nextDeadlineNanos()) {
            hold.due(nowNanos).forEach(label -> release(label, nowNanos));
        }
        reconcileIfNeeded(nowNanos);
    }

    void drainTo(Consumer<ByteBuf> packets) {
        channels.drainTo(packets);
    }

    long nextDeadlineNanos() {
        return Deadline.min(channels.nextDeadlineNanos(), hold.nextDeadlineNanos());
    }

    /** Aborts the association. The ABORT packet leaves with the next {@link #drainTo}. */
    void abort(long nowNanos) {
        channels.abort(nowNanos);
    }

    /** Adds the drop counts of SCTP to the map, under their metric names. */
    void addDropsTo(Map<String, Long> byName) {
        channels.statistics().addDropsTo(byName);
    }

    void dispose() {
        hold.clear();
        channels.dispose();
    }

    private void reconcileIfNeeded(long nowNanos) {
        if (reconcileNeeded) {
            reconcile(nowNanos);
        }
    }

    private void reconcile(long nowNanos) {
        reconcileNeeded = false;
        if (!started) {
            return;
        }
        Iterator<Channel> open = ours.values().iterator();
        while (open.hasNext()) {
            Channel channel = open.next();
            if (!signaling.contains(channel.label)
                    && !data.containsKey(channel.label)
                    && !kept.contains(channel.label)) {
                open.remove();
                hold.release(channel.label);
                channels.close(channel.streamId, nowNanos);
            }
        }
        signaling.forEach(label -> openIfMissing(label, ChannelParameters.RELIABLE, nowNanos));
        data.forEach((label, parameters) -> openIfMissing(label, parameters, nowNanos));
    }

    private void openIfMissing(String label, ChannelParameters parameters, long nowNanos) {
        if (ours.containsKey(label)) {
            return;
        }
        int streamId = channels.open(label, parameters, nowNanos);
        if (streamId < 0) {
            return; // No stream id is free. The next call of reconcile tries again.
        }
        Channel channel = new Channel(streamId, label, false);
        byStream.put(streamId, channel);
        ours.put(label, channel);
        listener.channelsChanged();
    }

    private static final class Channel {
        private final int streamId;
        private final String label;
        private boolean open;
        private boolean announced; // True if the room has been told that the channel is open.

        private Channel(int streamId, String label, boolean open) {
            this.streamId = streamId;
            this.label = label;
            this.open = open;
        }
    }

    private final class Events implements DataChannelListener {
        @Override
        public void onChannelOpen(int streamId, String label, ChannelParameters parameters, boolean openedByPeer) {
            if (openedByPeer) {
                Channel channel = new Channel(streamId, label, true);
                byStream.put(streamId, channel);
                clients.put(label, channel);
                clientChannels.onOpened(label, parameters);
            } else {
                Channel channel = byStream.get(streamId);
                if (channel != null && !channel.open) {
                    channel.open = true;
                    if (signaling.contains(label)) {
                        announce(channel);
                    }
                }
            }
            listener.channelsChanged();
        }

        @Override
        public void onMessage(int streamId, ByteBuf payload, boolean binary) {
            Channel channel = byStream.get(streamId);
            if (channel == null) {
                drops.count(TransportDrop.DATA_UNROUTED);
            } else if (clients.get(channel.label) == channel) {
                clientChannels.onMessage(channel.label, payload, binary);
            } else if (signaling.contains(channel.label)
                    && ours.get(channel.label) == channel
                    && !binary
                    && payload.readableBytes() <= SIGNALING_TEXT_BYTES_MAX) {
                String text = Utf8.read(payload);
                if (text == null) {
                    drops.count(TransportDrop.SIGNALING_MALFORMED);
                } else {
                    listener.signalingText(channel.label, text);
                }
            } else {
                drops.count(TransportDrop.DATA_UNROUTED);
            }
        }

        @Override
        public void onChannelClosed(int streamId) {
            Channel channel = byStream.remove(streamId);
            if (channel == null) {
                return;
            }
            if (clients.remove(channel.label, channel)) {
                clientChannels.onClosed(channel.label);
            } else if (ours.remove(channel.label, channel)) {
                hold.release(channel.label);
                if (channel.announced && signaling.contains(channel.label)) {
                    listener.signalingChannelChanged(channel.label, false);
                }
                reconcileNeeded = true;
            }
            listener.channelsChanged();
        }

        @Override
        public void onAssociationUp() {
            // Nothing to do. Channels can be opened, and messages queued, before the association is up.
        }

        @Override
        public void onAssociationDown(AssociationDownReason reason) {
            // Nothing to do. The association reports each closed channel separately.
        }
    }
}
