package org.rotunda.media.sdp;

import dev.onvoid.webrtc.CreateSessionDescriptionObserver;
import dev.onvoid.webrtc.PeerConnectionFactory;
import dev.onvoid.webrtc.RTCAnswerOptions;
import dev.onvoid.webrtc.RTCBundlePolicy;
import dev.onvoid.webrtc.RTCConfiguration;
import dev.onvoid.webrtc.RTCOfferOptions;
import dev.onvoid.webrtc.RTCPeerConnection;
import dev.onvoid.webrtc.RTCRtpTransceiver;
import dev.onvoid.webrtc.RTCRtpTransceiverDirection;
import dev.onvoid.webrtc.RTCRtpTransceiverInit;
import dev.onvoid.webrtc.RTCSdpType;
import dev.onvoid.webrtc.RTCSessionDescription;
import dev.onvoid.webrtc.RTCSignalingState;
import dev.onvoid.webrtc.SetSessionDescriptionObserver;
import dev.onvoid.webrtc.media.MediaStreamTrack;
import dev.onvoid.webrtc.media.audio.AudioOptions;
import dev.onvoid.webrtc.media.audio.HeadlessAudioDeviceModule;
import dev.onvoid.webrtc.media.video.CustomVideoSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.rotunda.media.control.Description;

/** A peer connection of libwebrtc, used as the SDK uses it. The test fails if libwebrtc refuses a description. */
final class LibwebrtcPeer implements AutoCloseable {
    private static final int WAIT_SECONDS = 20;

    private final HeadlessAudioDeviceModule audioDevices = new HeadlessAudioDeviceModule();
    private final PeerConnectionFactory factory = new PeerConnectionFactory(audioDevices);
    private final RTCPeerConnection connection;

    LibwebrtcPeer() {
        RTCConfiguration configuration = new RTCConfiguration();
        configuration.bundlePolicy = RTCBundlePolicy.MAX_BUNDLE;
        connection = factory.createPeerConnection(configuration, candidate -> {});
    }

    RTCRtpTransceiver addAudio(String trackId, RTCRtpTransceiverDirection direction) {
        return add(factory.createAudioTrack(trackId, factory.createAudioSource(new AudioOptions())), direction);
    }

    RTCRtpTransceiver addVideo(String trackId, RTCRtpTransceiverDirection direction) {
        return add(factory.createVideoTrack(trackId, new CustomVideoSource()), direction);
    }

    private RTCRtpTransceiver add(MediaStreamTrack track, RTCRtpTransceiverDirection direction) {
        RTCRtpTransceiverInit init = new RTCRtpTransceiverInit();
        init.direction = direction;
        return connection.addTransceiver(track, init);
    }

    RTCPeerConnection connection() {
        return connection;
    }

    String offer() {
        Created created = new Created();
        connection.createOffer(new RTCOfferOptions(), created);
        RTCSessionDescription offer = await(created);
        setLocal(offer);
        return offer.sdp;
    }

    /**
     * Answers an offer of the server. If the peer has an unanswered offer of its own, it rolls that offer back, as the
     * SDK does.
     */
    String answer(Description offer) {
        if (connection.getSignalingState() == RTCSignalingState.HAVE_LOCAL_OFFER) {
            setLocal(new RTCSessionDescription(RTCSdpType.ROLLBACK, ""));
        }
        set(RTCSdpType.OFFER, offer);
        Created created = new Created();
        connection.createAnswer(new RTCAnswerOptions(), created);
        RTCSessionDescription answer = await(created);
        setLocal(answer);
        return answer.sdp;
    }

    void set(RTCSdpType type, Description description) {
        Applied applied = new Applied();
        connection.setRemoteDescription(new RTCSessionDescription(type, description.sdp()), applied);
        await(applied);
    }

    private void setLocal(RTCSessionDescription description) {
        Applied applied = new Applied();
        connection.setLocalDescription(description, applied);
        await(applied);
    }

    List<RTCRtpTransceiverDirection> directions() {
        return List.of(connection.getTransceivers()).stream()
                .map(RTCRtpTransceiver::getCurrentDirection)
                .toList();
    }

    private static <T> T await(CompletableFuture<T> future) {
        return future.orTimeout(WAIT_SECONDS, TimeUnit.SECONDS).join();
    }

    @Override
    public void close() {
        connection.close();
        factory.dispose();
        audioDevices.dispose();
    }

    private static final class Created extends CompletableFuture<RTCSessionDescription>
            implements CreateSessionDescriptionObserver {
        @Override
        public void onSuccess(RTCSessionDescription description) {
            complete(description);
        }

        @Override
        public void onFailure(String error) {
            completeExceptionally(new AssertionError(error));
        }
    }

    private static final class Applied extends CompletableFuture<Boolean> implements SetSessionDescriptionObserver {
        @Override
        public void onSuccess() {
            complete(true);
        }

        @Override
        public void onFailure(String error) {
            completeExceptionally(new AssertionError(error));
        }
    }
}
