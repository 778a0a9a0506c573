package org.rotunda.load.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.rotunda.media.control.Description;
import org.rotunda.media.control.DesiredTransport;
import org.rotunda.media.control.LayerLimit;
import org.rotunda.media.control.MediaCommand;
import org.rotunda.media.control.MediaEvent;
import org.rotunda.media.control.MediaRouter;
import org.rotunda.media.control.MediaSettings;
import org.rotunda.media.control.MediaTcpSettings;
import org.rotunda.media.control.TrackKind;
import org.rotunda.media.control.TransportId;
import org.rotunda.media.control.VideoCodec;
import org.rotunda.media.net.EventLoopMediaRouter;

/**
 * Tests the media router alone against the browser's own peer connections, without signaling, rooms or SDK in between.
 * Covers DTLS with Chromium's large ClientHello, media and data in both directions, and a client that publishes on an
 * m-line that the server opened.
 */
@Tag("browser")
@ExtendWith(ChromiumExtension.class)
class RouterPeersTest {
    private static final String ROOM = "RM00000000000000000000000000000001";

    private final BlockingQueue<MediaEvent> events = new LinkedBlockingQueue<>();
    private final List<Peer> peers = new ArrayList<>();
    private final MediaRouter router = EventLoopMediaRouter.open(
            new MediaSettings(
                    "127.0.0.1",
                    0,
                    1,
                    List.of(),
                    100,
                    MediaSettings.LOOP_SHARE,
                    0,
                    0,
                    true,
                    true,
                    Duration.ZERO,
                    Duration.ofMinutes(2),
                    Optional.empty(),
                    MediaTcpSettings.DEFAULT),
            events::add,
            new SecureRandom());

    @AfterEach
    void closeAll() {
        peers.forEach(Peer::close);
        router.close();
    }

    @Test
    void mediaAndDataPassBetweenTwoBrowserConnections(Chromium chromium) {
        Peer alice = open(chromium, "PAa");
        Peer bob = open(chromium, "PAb");
        alice.offer(true, true);
        bob.offer(false, true);
        alice.setDesired(
                List.of(
                        new DesiredTransport.Publication("MTaudio", alice.trackId("audio"), TrackKind.AUDIO),
                        new DesiredTransport.Publication("MTvideo", alice.trackId("video"), TrackKind.VIDEO),
                        new DesiredTransport.Publication("MTdata", "data-of-a", TrackKind.DATA)),
                List.of());
        bob.setDesired(
                List.of(),
                List.of(
                        bob.subscribe("MTaudio", "sub-audio", TrackKind.AUDIO, alice),
                        bob.subscribe("MTvideo", "sub-video", TrackKind.VIDEO, alice),
                        bob.subscribe("MTdata", "sub-data", TrackKind.DATA, alice)));

        pumpUntil(() -> bob.framesDecoded() >= 10 && bob.audioPackets() >= 50);
        pumpUntil(() -> (boolean) bob.page.evaluate("() => !!window.channels['sub-data']"));
        alice.page.evaluate("() => window.data.send('hello')");
        pumpUntil(() -> List.of("hello").equals(bob.page.evaluate("() => window.messages['sub-data']")));
    }

    @Test
    void aClientMayPublishOnAnMLineThatTheServerOpened(Chromium chromium) {
        Peer alice = open(chromium, "PAa");
        Peer bob = open(chromium, "PAb");
        alice.offer(true, false);
        bob.offer(false, false);
        alice.setDesired(
                List.of(new DesiredTransport.Publication("MTvideo", alice.trackId("video"), TrackKind.VIDEO)),
                List.of());
        bob.setDesired(
                List.of(),
                List.of(
                        bob.subscribe("MTvideo", "sub-1", TrackKind.VIDEO, alice),
                        bob.subscribe("MTvideo", "sub-2", TrackKind.VIDEO, alice)));
        pumpUntil(() -> bob.framesDecoded() >= 10);

        // The server has opened m-lines for the tracks that Bob receives. Bob publishes on one of these m-lines.
        bob.page.evaluate("() => window.publishOnReceivingLine()");
        bob.reoffer();
        String bobsTrack = (String) bob.page.evaluate("() => window.msidOfReusedLine()");
        bob.setDesired(
                List.of(new DesiredTransport.Publication("MTbob", bobsTrack, TrackKind.VIDEO)),
                List.of(
                        bob.subscribe("MTvideo", "sub-1", TrackKind.VIDEO, alice),
                        bob.subscribe("MTvideo", "sub-2", TrackKind.VIDEO, alice)));
        alice.setDesired(
                List.of(new DesiredTransport.Publication("MTvideo", alice.trackId("video"), TrackKind.VIDEO)),
                List.of(alice.subscribe("MTbob", "sub-bob", TrackKind.VIDEO, bob)));

        pumpUntil(() -> alice.framesDecoded() >= 10);
    }

    @Test
    void manyConnectionsAtOnceAllComeUp(Chromium chromium) {
        int count = 40;
        List<Peer> all = new ArrayList<>();
        Page page = chromium.page();
        for (int i = 0; i < count; i++) {
            all.add(openOn(page, i));
        }
        page.evaluate("""
            async count => {
              window.many = [];
              for (let i = 0; i < count; i++) {
                const pc = new RTCPeerConnection();
                pc.createDataChannel('d');
                pc.addTransceiver('audio', { direction: 'recvonly' });
                await pc.setLocalDescription(await pc.createOffer());
                many.push(pc);
              }
            }
            """, count);
        for (int i = 0; i < count; i++) {
            String sdp = (String) page.evaluate("i => many[i].localDescription.sdp", i);
            router.submit(new MediaCommand.RemoteDescription(
                    all.get(i).id, 1, new Description(Description.Type.OFFER, 1, sdp)));
        }
        pumpUntil(() -> {
            assertThat((String) page.evaluate("() => many.map(pc => pc.connectionState).join()"))
                    .doesNotContain("failed");
            return (boolean) page.evaluate("() => many.every(pc => pc.connectionState === 'connected')");
        });
    }

    /** Opens a transport whose peer connection is one of many on a page. */
    private Peer openOn(Page page, int index) {
        Peer peer = new Peer(page, new TransportId(ROOM, "PA" + index, "pc-" + index)) {
            @Override
            void apply(Description description) {
                page.evaluate(
                        "([index, type, sdp]) => many[index].setRemoteDescription({ type, sdp })",
                        List.of(index, description.type().name().toLowerCase(Locale.ROOT), description.sdp()));
            }
        };
        peers.add(peer);
        router.submit(new MediaCommand.OpenTransport(peer.id, 1, Set.of(VideoCodec.VP8), null, false));
        return peer;
    }

    private Peer open(Chromium chromium, String participant) {
        Peer peer = new Peer(chromium.page(), new TransportId(ROOM, participant, "pc-" + participant));
        peers.add(peer);
        router.submit(new MediaCommand.OpenTransport(peer.id, 1, Set.of(VideoCodec.VP8, VideoCodec.H264), null, false));
        return peer;
    }

    /** Passes descriptions between the router and the pages until the condition holds. */
    private void pumpUntil(Condition condition) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!condition.holds()) {
            assertThat(System.nanoTime())
                    .as("the condition holds within 30 s; statistics %s", router.statistics())
                    .isLessThan(deadline);
            MediaEvent event = poll();
            if (event instanceof MediaEvent.LocalDescription local) {
                peers.stream()
                        .filter(peer -> peer.id.equals(local.transport()))
                        .forEach(peer -> peer.apply(local.description()));
            } else if (event != null) {
                assertThat(event)
                        .isNotInstanceOfAny(MediaEvent.NegotiationFailed.class, MediaEvent.CommandRefused.class);
            }
        }
    }

    private @Nullable MediaEvent poll() {
        try {
            return events.poll(50, TimeUnit.MILLISECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", interrupted);
        }
    }

    private interface Condition {
        boolean holds();
    }

    /** A peer connection in the browser and its transport in the router. */
    private class Peer {
        private final Page page;
        final TransportId id;
        private long revision;
        private long version;

        private Peer(Page page, TransportId id) {
            this.page = page;
            this.id = id;
            page.setContent("<p>peer</p>");
            page.addScriptTag(new Page.AddScriptTagOptions().setContent(SCRIPT));
        }

        private void offer(boolean publish, boolean data) {
            page.evaluate(
                    "([publish, data, name]) => window.start(publish, data, name)",
                    List.of(publish, data, id.participantSid().equals("PAa") ? "data-of-a" : "data-of-b"));
            reoffer();
        }

        private void reoffer() {
            String sdp = (String) page.evaluate("() => window.makeOffer()");
            router.submit(new MediaCommand.RemoteDescription(
                    id, 1, new Description(Description.Type.OFFER, ++revision, sdp)));
            long expected = revision;
            pumpUntil(() ->
                    (boolean) page.evaluate("() => window.pc.signalingState === 'stable'") && revision >= expected);
        }

        void apply(Description description) {
            String answer = (String) page.evaluate(
                    "([type, sdp]) => window.takeDescription(type, sdp)",
                    List.of(description.type().name().toLowerCase(Locale.ROOT), description.sdp()));
            revision = Math.max(revision, description.revision());
            if (description.type() == Description.Type.OFFER) {
                router.submit(new MediaCommand.RemoteDescription(
                        id, 1, new Description(Description.Type.ANSWER, description.revision(), answer)));
            }
        }

        private void setDesired(
                List<DesiredTransport.Publication> publications, List<DesiredTransport.Subscription> subscriptions) {
            router.submit(new DesiredTransport(id, 1, ++version, publications, subscriptions, List.of()));
        }

        private DesiredTransport.Subscription subscribe(
                String sid, String subscriptionId, TrackKind kind, Peer source) {
            return new DesiredTransport.Subscription(sid, subscriptionId, kind, source.id, LayerLimit.NONE, false);
        }

        private String trackId(String kind) {
            return (String) page.evaluate("kind => window.sent[kind].id", kind);
        }

        private long framesDecoded() {
            return ((Number) page.evaluate("() => window.total('video', 'framesDecoded')")).longValue();
        }

        private long audioPackets() {
            return ((Number) page.evaluate("() => window.total('audio', 'packetsReceived')")).longValue();
        }

        private void close() {
            page.context().close();
        }
    }

    private static final String SCRIPT = """
        window.sent = {}; window.channels = {}; window.messages = {};
        window.start = async (publish, data, label) => {
          window.pc = new RTCPeerConnection({ bundlePolicy: 'max-bundle', rtcpMuxPolicy: 'require' });
          pc.ondatachannel = event => {
            channels[event.channel.label] = event.channel;
            messages[event.channel.label] = [];
            event.channel.onmessage = message => messages[event.channel.label].push(message.data);
          };
          pc.ontrack = event => {
            const element = document.createElement(event.track.kind);
            element.srcObject = new MediaStream([event.track]);
            element.autoplay = true; element.muted = true;
            document.body.appendChild(element);
          };
          if (publish) {
            const stream = await camera();
            for (const track of stream.getTracks()) { sent[track.kind] = track; pc.addTransceiver(track, { direction: 'sendrecv', streams: [stream] }); }
          } else {
            pc.addTransceiver('audio', { direction: 'recvonly' });
            pc.addTransceiver('video', { direction: 'recvonly' });
          }
          if (data) window.data = pc.createDataChannel(label);
        };
        const camera = async () => {
          const context = new AudioContext();
          const oscillator = context.createOscillator();
          const destination = context.createMediaStreamDestination();
          oscillator.connect(destination); oscillator.start();
          const canvas = document.createElement('canvas');
          canvas.width = 320; canvas.height = 180;
          let n = 0;
          const draw = canvas.getContext('2d');
          setInterval(() => { draw.fillStyle = `hsl(${n++ % 360},50%,50%)`; draw.fillRect(0, 0, 320, 180); }, 50);
          return new MediaStream([...canvas.captureStream(20).getVideoTracks(), ...destination.stream.getAudioTracks()]);
        };
        window.makeOffer = async () => { await pc.setLocalDescription(await pc.createOffer()); return pc.localDescription.sdp; };
        window.takeDescription = async (type, sdp) => {
          await pc.setRemoteDescription({ type, sdp });
          if (type !== 'offer') return '';
          await pc.setLocalDescription(await pc.createAnswer());
          return pc.localDescription.sdp;
        };
        window.publishOnReceivingLine = async () => {
          const [track] = (await camera()).getVideoTracks();
          sent.video = track;
          const receiving = pc.getTransceivers().filter(one => one.receiver.track.kind === 'video');
          const last = receiving[receiving.length - 1];
          await last.sender.replaceTrack(track);
          last.sender.setStreams(new MediaStream([track]));
          last.direction = 'sendrecv';
          window.reusedMid = last.mid;
        };
        // Chromium gives a sender on a reused receiving line a new msid, which the SDK would replace by its own.
        window.msidOfReusedLine = () => pc.localDescription.sdp.split('m=').find(section => section.includes(`a=mid:${reusedMid}\\r`))
          .match(/a=msid:\\S+ (\\S+)/)[1];
        window.statistics = {};
        setInterval(async () => {
          if (!window.pc) return;
          const reports = [];
          (await pc.getStats()).forEach(report => { if (report.type === 'inbound-rtp') reports.push(report); });
          window.reports = reports;
        }, 100);
        window.total = (kind, key) => (window.reports || []).filter(one => one.kind === kind).reduce((sum, one) => sum + (one[key] || 0), 0);
        """;
}
