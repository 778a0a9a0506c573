package org.rotunda.media.sdp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.rotunda.media.codec.Codec;
import org.rotunda.media.control.Description;
import org.rotunda.media.stun.IceCredentials;

/**
 * Connects a {@link Negotiation} and a {@link SdkModel}. The simulated signaling between them can be late, break and
 * resume. Time is virtual.
 */
final class NegotiationWorld implements NegotiationSink {
    private static final long MS = 1_000_000;
    private static final int SETTLING_STEPS_MAX = 2_000;

    private final Deque<Description> toClient = new ArrayDeque<>();
    private final Deque<Runnable> toServer = new ArrayDeque<>();
    private final Map<Long, Description> sentByServer = new HashMap<>();
    private final Map<String, OutgoingTrack> desired = new LinkedHashMap<>();
    private final Map<String, MediaKind> published = new LinkedHashMap<>();
    final SdkModel client = new SdkModel(this::fromClient);
    Negotiation server;
    private boolean connected = true;
    private boolean desiresApplication;
    private boolean publishesData;
    private int trackCounter;
    private long ssrcCounter = 50_000;
    private int iceCounter;
    private long nowNanos;

    @Nullable
    MediaPlan plan;

    NegotiationWorld() {
        server = new Negotiation(parameters(), this::freshIce, 42, this);
    }

    private LocalParameters parameters() {
        return new LocalParameters(
                "server" + iceCounter++,
                "password",
                "sha-256 AA:BB",
                List.of("candidate:1 1 udp 2130706431 192.0.2.1 10000 typ host"),
                Set.of(Codec.VP8, Codec.H264));
    }

    private IceCredentials freshIce() {
        return new IceCredentials("server" + iceCounter++, "password");
    }

    @Override
    public void localDescription(Description description) {
        Description before = sentByServer.putIfAbsent(description.revision(), description);
        assertThat(before == null || before.equals(description))
                .as("revision %s has one content", description.revision())
                .isTrue();
        if (connected) {
            toClient.add(description);
        }
    }

    @Override
    public void plan(MediaPlan newPlan) {
        plan = newPlan;
    }

    @Override
    public void refused(NegotiationFault fault, long revision, String detail) {
        throw new AssertionError(fault + " " + revision + " " + detail);
    }

    @Override
    public void answerOverdue(long revision) {
        throw new AssertionError("no answer to " + revision);
    }

    private void fromClient(Description description) {
        if (connected) {
            toServer.add(() -> receive(description));
        }
    }

    private void receive(Description description) {
        server.onRemoteDescription(description, nowNanos);
    }

    void subscribe(MediaKind kind) {
        String trackId = "MT" + trackCounter++;
        desired.put(trackId, track(trackId, kind));
        setDesired();
    }

    private OutgoingTrack track(String trackId, MediaKind kind) {
        ssrcCounter += 2;
        return new OutgoingTrack(trackId, "stream-" + trackId, kind, ssrcCounter, ssrcCounter + 1, "cname");
    }

    void unsubscribe(int which) {
        if (!desired.isEmpty()) {
            desired.remove(List.copyOf(desired.keySet()).get(which % desired.size()));
            setDesired();
        }
    }

    void desireApplication() {
        desiresApplication = true;
        setDesired();
    }

    private void setDesired() {
        server.setDesired(List.copyOf(desired.values()), desiresApplication, nowNanos);
    }

    void publish(MediaKind kind, boolean simulcast) {
        String trackId = "client-" + trackCounter++;
        published.put(trackId, kind);
        client.publish(kind, trackId, simulcast);
    }

    void unpublish(int which) {
        if (!published.isEmpty()) {
            String trackId = List.copyOf(published.keySet()).get(which % published.size());
            published.remove(trackId);
            client.unpublish(trackId);
        }
    }

    void publishData() {
        publishesData = true;
        client.publishData();
    }

    void restartIceFromServer() {
        server.restartIce(parameters(), nowNanos);
    }

    /** Replaces the media node, as if it had died. Another node continues from its negotiation table with new SSRCs. */
    void moveToAnotherNode() {
        desired.replaceAll((trackId, track) -> track(trackId, track.kind()));
        NegotiationTable table = NegotiationTableCodec.decode(NegotiationTableCodec.encode(server.snapshot()));
        LocalParameters local = parameters();
        List<OutgoingTrack> tracks = List.copyOf(desired.values());
        server = Negotiation.takeOver(table, local, this::freshIce, tracks, desiresApplication, this, nowNanos);
    }

    /** Loses all messages in flight. Neither side notices. */
    void loseSignaling() {
        connected = false;
        toClient.clear();
        toServer.clear();
    }

    /**
     * Resumes the session. The client and the server each send their last description.
     *
     * @param syncedFirst whether the server sends its description before it receives the client's
     */
    void resume(boolean syncedFirst) {
        if (connected) {
            return;
        }
        connected = true;
        Description sync = client.lastLocal();
        toServer.add(() -> {
            if (syncedFirst) {
                sendSynced();
            }
            if (sync != null) {
                receive(sync);
            }
            if (!syncedFirst) {
                sendSynced();
            }
        });
        Description pending = client.pending();
        if (pending != null) {
            fromClient(pending); // The client sends its pending offer again.
        }
    }

    private void sendSynced() {
        Description last = server.lastLocal();
        if (last != null) {
            toClient.add(last);
        }
    }

    void deliverToServer() {
        if (!toServer.isEmpty()) {
            toServer.remove().run();
        }
    }

    void deliverToClient() {
        if (!toClient.isEmpty()) {
            client.onDescription(toClient.remove());
        }
    }

    void pass(int ms) {
        nowNanos += ms * MS;
        if (server.nextDeadlineNanos() <= nowNanos && connected) {
            server.onTimeout(nowNanos);
        }
    }

    void settle() {
        resume(true);
        for (int step = 0; step < SETTLING_STEPS_MAX; step++) {
            if (!toServer.isEmpty() || !toClient.isEmpty()) {
                deliverToServer();
                deliverToClient();
            } else if (server.nextDeadlineNanos() != Long.MAX_VALUE) {
                nowNanos = Math.max(nowNanos, server.nextDeadlineNanos());
                server.onTimeout(nowNanos);
            } else {
                return;
            }
        }
        throw new AssertionError("the two sides go on for ever");
    }

    void assertSettled() {
        assertThat(client.isSettled()).as("the client is settled").isTrue();
        assertThat(server.isOffering()).as("the server is offering").isFalse();
        assertThat(client.lines().stream()
                        .map(line -> line.receivedTrackId)
                        .filter(Objects::nonNull)
                        .toList())
                .as("tracks at the client")
                .containsExactlyInAnyOrderElementsOf(desired.keySet());
        MediaPlan last = Objects.requireNonNull(plan);
        assertThat(last.lines().stream()
                        .map(MediaPlan.Line::outgoing)
                        .filter(Objects::nonNull)
                        .toList())
                .as("tracks the server sends")
                .containsExactlyInAnyOrderElementsOf(desired.values());
        assertThat(last.lines().stream()
                        .map(MediaPlan.Line::incoming)
                        .filter(Objects::nonNull)
                        .map(MediaPlan.Incoming::trackId)
                        .toList())
                .as("tracks the server receives")
                .containsExactlyInAnyOrderElementsOf(published.keySet());
        assertThat(last.application() != null).as("data channels").isEqualTo(desiresApplication || publishesData);
        assertLinesAgree(last);
    }

    private void assertLinesAgree(MediaPlan last) {
        Map<String, MediaPlan.Line> byMid = new HashMap<>();
        last.lines().forEach(line -> byMid.put(line.mid(), line));
        Set<Long> ssrcs = new HashSet<>();
        List<Long> all = new ArrayList<>();
        for (SdkTransceiver transceiver : client.lines()) {
            if (transceiver.kind == MediaKind.APPLICATION) {
                continue;
            }
            MediaPlan.Line line = Objects.requireNonNull(byMid.get(Objects.requireNonNull(transceiver.mid)));
            MediaPlan.Incoming incoming = line.incoming();
            OutgoingTrack outgoing = line.outgoing();
            assertThat(line.kind()).isEqualTo(transceiver.kind);
            assertThat(transceiver.isSending).isEqualTo(transceiver.trackId != null);
            assertThat(incoming == null ? null : incoming.trackId()).isEqualTo(transceiver.trackId);
            assertThat(outgoing == null ? null : outgoing.trackId()).isEqualTo(transceiver.receivedTrackId);
            if (incoming != null) {
                assertThat(incoming.encodings())
                        .extracting(MediaPlan.Encoding::ssrc)
                        .isEqualTo(transceiver.ssrcs);
                all.addAll(transceiver.ssrcs);
            }
        }
        ssrcs.addAll(all);
        assertThat(ssrcs).hasSameSizeAs(all);
    }
}
