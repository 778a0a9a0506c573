package org.rotunda.media.sctp;

import dev.onvoid.webrtc.CreateSessionDescriptionObserver;
import dev.onvoid.webrtc.PeerConnectionFactory;
import dev.onvoid.webrtc.PeerConnectionObserver;
import dev.onvoid.webrtc.RTCAnswerOptions;
import dev.onvoid.webrtc.RTCConfiguration;
import dev.onvoid.webrtc.RTCDataChannel;
import dev.onvoid.webrtc.RTCDataChannelBuffer;
import dev.onvoid.webrtc.RTCDataChannelInit;
import dev.onvoid.webrtc.RTCDataChannelObserver;
import dev.onvoid.webrtc.RTCDataChannelState;
import dev.onvoid.webrtc.RTCIceCandidate;
import dev.onvoid.webrtc.RTCOfferOptions;
import dev.onvoid.webrtc.RTCPeerConnection;
import dev.onvoid.webrtc.RTCSdpType;
import dev.onvoid.webrtc.RTCSessionDescription;
import dev.onvoid.webrtc.SetSessionDescriptionObserver;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** A libwebrtc peer connection with data channels only. It records the events of its channels. */
public final class LibwebrtcClient implements PeerConnectionObserver, AutoCloseable {
    private final Map<String, RTCDataChannel> channels = new ConcurrentHashMap<>();
    private final Map<String, List<String>> messages = new ConcurrentHashMap<>();
    private final RTCPeerConnection connection;

    public LibwebrtcClient(PeerConnectionFactory factory) {
        connection = factory.createPeerConnection(new RTCConfiguration(), this);
    }

    public RTCDataChannel open(String label, RTCDataChannelInit init) {
        RTCDataChannel channel = connection.createDataChannel(label, init);
        watch(channel);
        return channel;
    }

    public String offer() throws Exception {
        RTCSessionDescription offer = created(observer -> connection.createOffer(new RTCOfferOptions(), observer));
        set(observer -> connection.setLocalDescription(offer, observer));
        return offer.sdp;
    }

    public void acceptAnswer(String sdp) throws Exception {
        RTCSessionDescription answer = new RTCSessionDescription(RTCSdpType.ANSWER, sdp);
        set(observer -> connection.setRemoteDescription(answer, observer));
    }

    String answer(String offerSdp) throws Exception {
        RTCSessionDescription offer = new RTCSessionDescription(RTCSdpType.OFFER, offerSdp);
        set(observer -> connection.setRemoteDescription(offer, observer));
        RTCSessionDescription answer = created(observer -> connection.createAnswer(new RTCAnswerOptions(), observer));
        set(observer -> connection.setLocalDescription(answer, observer));
        return answer.sdp;
    }

    RTCDataChannel channel(String label) {
        RTCDataChannel channel = channels.get(label);
        if (channel == null) {
            throw new IllegalStateException("no channel " + label);
        }
        return channel;
    }

    /** Returns the messages received on a channel. The kind of each message precedes its text. */
    public List<String> messages(String label) {
        return messages.getOrDefault(label, List.of());
    }

    public void send(String label, byte[] payload, boolean binary) throws Exception {
        channel(label).send(new RTCDataChannelBuffer(ByteBuffer.wrap(payload), binary));
    }

    public boolean isOpen(String label) {
        RTCDataChannel channel = channels.get(label);
        return channel != null && channel.getState() == RTCDataChannelState.OPEN;
    }

    boolean isClosed(String label) {
        return channel(label).getState() == RTCDataChannelState.CLOSED;
    }

    @Override
    public void onIceCandidate(RTCIceCandidate candidate) {
        // An ICE-lite server answers every client that sends checks, so it does not need the client's candidates.
    }

    @Override
    public void onDataChannel(RTCDataChannel channel) {
        watch(channel);
    }

    @Override
    public void close() {
        channels.values().forEach(RTCDataChannel::unregisterObserver);
        connection.close();
    }

    private void watch(RTCDataChannel channel) {
        String label = channel.getLabel();
        List<String> received = messages.computeIfAbsent(label, unused -> new CopyOnWriteArrayList<>());
        channel.registerObserver(new RTCDataChannelObserver() {
            @Override
            public void onBufferedAmountChange(long previousAmount) {}

            @Override
            public void onStateChange() {}

            @Override
            public void onMessage(RTCDataChannelBuffer buffer) {
                byte[] bytes = new byte[buffer.data.remaining()];
                buffer.data.get(bytes);
                received.add((buffer.binary ? "binary " : "text ") + new String(bytes, StandardCharsets.ISO_8859_1));
            }
        });
        channels.put(label, channel);
    }

    private static RTCSessionDescription created(Consumer<CreateSessionDescriptionObserver> create) throws Exception {
        CompletableFuture<RTCSessionDescription> result = new CompletableFuture<>();
        create.accept(new CreateSessionDescriptionObserver() {
            @Override
            public void onSuccess(RTCSessionDescription description) {
                result.complete(description);
            }

            @Override
            public void onFailure(String error) {
                result.completeExceptionally(new IllegalStateException(error));
            }
        });
        return result.get(10, TimeUnit.SECONDS);
    }

    private static void set(Consumer<SetSessionDescriptionObserver> set) throws Exception {
        CompletableFuture<Boolean> result = new CompletableFuture<>();
        set.accept(new SetSessionDescriptionObserver() {
            @Override
            public void onSuccess() {
                result.complete(true);
            }

            @Override
            public void onFailure(String error) {
                result.completeExceptionally(new IllegalStateException(error));
            }
        });
        result.get(10, TimeUnit.SECONDS);
    }
}
