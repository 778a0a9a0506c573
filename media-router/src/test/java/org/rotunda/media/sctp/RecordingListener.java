package org.rotunda.media.sctp;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Records the calls of data channels. */
class RecordingListener implements DataChannelListener {
    final Map<Integer, String> open = new TreeMap<>();
    final Map<Integer, ChannelParameters> parameters = new TreeMap<>();
    final List<Integer> closed = new ArrayList<>();
    final List<Message> messages = new ArrayList<>();
    final List<AssociationDownReason> downs = new ArrayList<>();
    int ups;
    int restarts;

    record Message(int streamId, String text, boolean binary) {}

    List<String> texts(int streamId) {
        return messages.stream()
                .filter(message -> message.streamId() == streamId)
                .map(Message::text)
                .toList();
    }

    @Override
    public void onChannelOpen(int streamId, String label, ChannelParameters channel, boolean openedByPeer) {
        open.put(streamId, label);
        parameters.put(streamId, channel);
    }

    @Override
    public void onMessage(int streamId, ByteBuf payload, boolean binary) {
        messages.add(new Message(streamId, payload.toString(StandardCharsets.ISO_8859_1), binary));
    }

    @Override
    public void onChannelClosed(int streamId) {
        open.remove(streamId);
        closed.add(streamId);
    }

    @Override
    public void onAssociationUp() {
        ups++;
    }

    @Override
    public void onAssociationRestarted() {
        restarts++;
    }

    @Override
    public void onAssociationDown(AssociationDownReason reason) {
        downs.add(reason);
    }
}
