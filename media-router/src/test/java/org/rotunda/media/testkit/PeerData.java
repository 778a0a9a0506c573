package org.rotunda.media.testkit;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.rotunda.media.sctp.AssociationDownReason;
import org.rotunda.media.sctp.ChannelParameters;
import org.rotunda.media.sctp.DataChannelListener;
import org.rotunda.media.sctp.DataChannels;
import org.rotunda.media.sctp.SctpSettings;

/** The data channels of a peer, found by label. Uses real SCTP in the role of the DTLS client. */
public final class PeerData implements DataChannelListener {
    /** Receives the messages. */
    @FunctionalInterface
    public interface Inbox {
        void onMessage(String label, byte[] message, boolean binary);
    }

    private final Inbox inbox;
    private final DataChannels channels;
    private final Map<Integer, String> labels = new HashMap<>();
    private final Map<String, Integer> streams = new HashMap<>();
    private final Map<String, ChannelParameters> openedByRouter = new HashMap<>();
    private final Set<String> closed = new HashSet<>();
    private boolean started;
    private boolean down;

    public PeerData(RandomGenerator random, ByteBufAllocator allocator, Inbox inbox) {
        this.inbox = inbox;
        channels = new DataChannels(SctpSettings.DEFAULT, random, allocator, this, true);
    }

    public void start(long nowNanos) {
        if (!started) {
            started = true;
            channels.start(nowNanos);
        }
    }

    public void open(String label, ChannelParameters parameters, long nowNanos) {
        int stream = channels.open(label, parameters, nowNanos);
        labels.put(stream, label);
        streams.put(label, stream);
    }

    public void close(String label, long nowNanos) {
        Integer stream = streams.get(label);
        if (stream != null) {
            channels.close(stream, nowNanos);
        }
    }

    public boolean send(String label, byte[] message, boolean binary, long nowNanos) {
        Integer stream = streams.get(label);
        return stream != null && channels.send(stream, Unpooled.wrappedBuffer(message), binary, nowNanos);
    }

    /** Returns the channels that the router opened. The key is the label. */
    public Map<String, ChannelParameters> openedByRouter() {
        return openedByRouter;
    }

    /** Returns the labels of the channels that were closed. */
    public Set<String> closed() {
        return closed;
    }

    public boolean isDown() {
        return down;
    }

    public boolean isUp() {
        return channels.isUp();
    }

    public void onPacket(byte[] packet, long nowNanos) {
        channels.onPacket(Unpooled.wrappedBuffer(packet), nowNanos);
    }

    public void onTime(long nowNanos) {
        if (nowNanos >= channels.nextDeadlineNanos()) {
            channels.onTimeout(nowNanos);
        }
    }

    public void drainTo(Consumer<byte[]> out) {
        channels.drainTo(packet -> {
            out.accept(ByteBufUtil.getBytes(packet));
            packet.release();
        });
    }

    public void dispose() {
        channels.dispose();
    }

    @Override
    public void onChannelOpen(int streamId, String label, ChannelParameters parameters, boolean openedByPeer) {
        labels.put(streamId, label);
        streams.put(label, streamId);
        if (openedByPeer) {
            openedByRouter.put(label, parameters);
        }
    }

    @Override
    public void onMessage(int streamId, ByteBuf payload, boolean binary) {
        String label = labels.get(streamId);
        if (label != null) {
            inbox.onMessage(label, ByteBufUtil.getBytes(payload), binary);
        }
    }

    @Override
    public void onChannelClosed(int streamId) {
        String label = labels.remove(streamId);
        if (label != null) {
            streams.remove(label, streamId);
            openedByRouter.remove(label);
            closed.add(label);
        }
    }

    @Override
    public void onAssociationUp() {
        // The events of the channels are enough for a peer.
    }

    @Override
    public void onAssociationDown(AssociationDownReason reason) {
        down = true;
    }
}
