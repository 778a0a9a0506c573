package org.rotunda.media.testkit;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.rotunda.media.sctp.AssociationDownReason;
import org.rotunda.media.sctp.ChannelParameters;
import org.rotunda.media.sctp.DataChannelListener;
import org.rotunda.media.sctp.DataChannels;
import org.rotunda.media.sctp.SctpSettings;

/** The data channels of a simulated peer, by label: real SCTP, as the DTLS client. */
final class PeerData implements DataChannelListener {
    private final DataChannels channels;
    private final Map<Integer, String> labels = new HashMap<>();
    private final Map<String, Integer> streams = new HashMap<>();
    private final Map<String, List<String>> messages = new HashMap<>();
    private final Map<String, ChannelParameters> openedByRouter = new HashMap<>();
    private final Set<String> closed = new HashSet<>();
    private boolean started;
    private boolean down;

    PeerData(Simulation simulation) {
        channels = new DataChannels(SctpSettings.DEFAULT, simulation.random(), simulation.allocator(), this, true);
    }

    void start(long nowNanos) {
        if (!started) {
            started = true;
            channels.start(nowNanos);
        }
    }

    void open(String label, ChannelParameters parameters, long nowNanos) {
        int stream = channels.open(label, parameters, nowNanos);
        labels.put(stream, label);
        streams.put(label, stream);
    }

    void close(String label, long nowNanos) {
        Integer stream = streams.get(label);
        if (stream != null) {
            channels.close(stream, nowNanos);
        }
    }

    boolean send(String label, byte[] message, boolean binary, long nowNanos) {
        Integer stream = streams.get(label);
        return stream != null && channels.send(stream, Unpooled.wrappedBuffer(message), binary, nowNanos);
    }

    List<String> messages(String label) {
        return messages.computeIfAbsent(label, key -> new ArrayList<>());
    }

    Map<String, ChannelParameters> openedByRouter() {
        return openedByRouter;
    }

    Set<String> closed() {
        return closed;
    }

    boolean isDown() {
        return down;
    }

    boolean isUp() {
        return channels.isUp();
    }

    void onPacket(byte[] packet, long nowNanos) {
        channels.onPacket(Unpooled.wrappedBuffer(packet), nowNanos);
    }

    void onTime(long nowNanos) {
        if (nowNanos >= channels.nextDeadlineNanos()) {
            channels.onTimeout(nowNanos);
        }
    }

    void drainTo(Consumer<byte[]> out) {
        channels.drainTo(packet -> {
            out.accept(ByteBufUtil.getBytes(packet));
            packet.release();
        });
    }

    void dispose() {
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
            messages(label).add(payload.toString(StandardCharsets.UTF_8));
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
        // Channels tell.
    }

    @Override
    public void onAssociationDown(AssociationDownReason reason) {
        down = true;
    }
}
