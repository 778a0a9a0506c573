package org.rotunda.load.livekit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import com.google.protobuf.UnknownFieldSet.Field;
import com.typesafe.config.ConfigFactory;
import java.net.URI;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.http.javadsl.Http;
import org.apache.pekko.http.javadsl.ServerBinding;
import org.apache.pekko.http.javadsl.model.AttributeKeys;
import org.apache.pekko.http.javadsl.model.ws.BinaryMessage;
import org.apache.pekko.http.javadsl.model.ws.Message;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.stream.BoundedSourceQueue;
import org.apache.pekko.stream.QueueOfferResult;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The conversation of a bot with LiveKit over a real WebSocket: its order, and how it fails. {@code PeerBenchRunTest}
 * has it with a real LiveKit, if there is one.
 */
class LiveKitGuestTest {
    private static final int PATIENCE_SECONDS = 30;
    private static final int MESSAGES_MAX = 16;
    private static final String CANDIDATE = "candidate:1 1 udp 2130706431 127.0.0.1 20001 typ host";
    private static final String SDP = "v=0\r\nm=video 9 UDP/TLS/RTP/SAVPF 96\r\na=mid:0\r\na=msid:- the-track\r\n";
    private static final String SDP_WITH_CANDIDATE = SDP.replace("a=mid:0\r\n", "a=mid:0\r\na=" + CANDIDATE + "\r\n");

    // A system that ends reports its open sockets as errors, so it logs nothing.
    private final ActorSystem system = ActorSystem.create(
            "livekit-test",
            ConfigFactory.parseString("pekko { fail-mixed-versions = off, loglevel = off, stdout-loglevel = off }"));
    private final BlockingQueue<UnknownFieldSet> requests = new LinkedBlockingQueue<>();
    private final Pair<BoundedSourceQueue<Message>, Source<Message, NotUsed>> responses =
            Source.<Message>queue(MESSAGES_MAX).preMaterialize(system);
    private LiveKitRoom room;
    private LiveKitGuest guest;

    @BeforeEach
    void start() throws Exception {
        ServerBinding binding = Http.get(system)
                .newServerAt("127.0.0.1", 0)
                .bindSync(request -> request.getAttribute(AttributeKeys.webSocketUpgrade)
                        .orElseThrow()
                        .handleMessagesWith(
                                Sink.foreach((Message message) ->
                                        requests.add(UnknownFieldSet.parseFrom(message.asBinaryMessage()
                                                .getStrictData()
                                                .toArray()))),
                                responses.second()))
                .toCompletableFuture()
                .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        room = new LiveKitRoom(
                URI.create("ws://127.0.0.1:" + binding.localAddress().getPort()), "room", "key", "secret");
        guest = new LiveKitGuest(room, "somebody");
    }

    @AfterEach
    void stop() throws Exception {
        guest.leave();
        system.terminate();
        system.getWhenTerminated().toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        room.close();
    }

    private static Field text(String value) {
        return Field.newBuilder()
                .addLengthDelimited(ByteString.copyFromUtf8(value))
                .build();
    }

    private static Field number(long value) {
        return Field.newBuilder().addVarint(value).build();
    }

    private void say(int kind, UnknownFieldSet.Builder message) {
        byte[] response = UnknownFieldSet.newBuilder()
                .addField(
                        kind,
                        Field.newBuilder()
                                .addLengthDelimited(message.build().toByteString())
                                .build())
                .build()
                .toByteArray();
        assertThat(responses.first().offer(BinaryMessage.create(org.apache.pekko.util.ByteString.fromArray(response))))
                .isEqualTo(QueueOfferResult.enqueued());
    }

    private void sayCandidate(String candidate) {
        say(
                SignalResponse.TRICKLE,
                UnknownFieldSet.newBuilder().addField(1, text("{\"candidate\":\"" + candidate + "\"}")));
    }

    private void sayOffer(String sdp, long id) {
        say(
                SignalResponse.OFFER,
                UnknownFieldSet.newBuilder().addField(2, text(sdp)).addField(3, number(id)));
    }

    /** Returns the message in the next request, which must be of this kind. */
    private UnknownFieldSet heard(int kind) throws InterruptedException, InvalidProtocolBufferException {
        UnknownFieldSet request =
                Objects.requireNonNull(requests.poll(PATIENCE_SECONDS, TimeUnit.SECONDS), "no further request");
        assertThat(request.asMap()).containsOnlyKeys(kind);
        return UnknownFieldSet.parseFrom(
                request.getField(kind).getLengthDelimitedList().get(0));
    }

    private static String textOf(UnknownFieldSet message, int number) {
        return message.getField(number).getLengthDelimitedList().get(0).toStringUtf8();
    }

    @Test
    void aTrackIsAnnouncedBeforeItIsOfferedAndTheAnswerWaitsForAUdpCandidate() throws Exception {
        CompletableFuture<String> answered = guest.publish(SDP).toCompletableFuture();
        assertThat(textOf(heard(4), 1)).isEqualTo("the-track");
        assertThat(requests).isEmpty();
        say(SignalResponse.TRACK_PUBLISHED, UnknownFieldSet.newBuilder().addField(1, text("the-track")));
        assertThat(textOf(heard(1), 2)).isEqualTo(SDP);
        say(SignalResponse.ANSWER, UnknownFieldSet.newBuilder().addField(2, text(SDP)));
        sayCandidate("candidate:2 1 tcp 1671430143 127.0.0.1 20001 typ host tcptype passive");
        assertThat(answered).isNotDone();
        sayCandidate(CANDIDATE);

        assertThat(answered.get(PATIENCE_SECONDS, TimeUnit.SECONDS)).isEqualTo(SDP_WITH_CANDIDATE);
    }

    @Test
    void eachOfferIsAnsweredWithItsId() throws Exception {
        BlockingQueue<String> offers = new LinkedBlockingQueue<>();
        CompletableFuture<Void> watching = guest.watch(offer -> {
                    offers.add(offer);
                    return CompletableFuture.completedFuture("answer " + offers.size());
                })
                .toCompletableFuture();
        sayOffer(SDP, 7);
        sayCandidate(CANDIDATE);
        UnknownFieldSet first = heard(2);
        sayOffer(SDP + "a=second\r\n", 8);
        UnknownFieldSet second = heard(2);

        assertThat(textOf(first, 2)).isEqualTo("answer 1");
        assertThat(first.getField(3).getVarintList()).containsExactly(7L);
        assertThat(textOf(second, 2)).isEqualTo("answer 2");
        assertThat(second.getField(3).getVarintList()).containsExactly(8L);
        assertThat(List.copyOf(offers)).containsExactly(SDP_WITH_CANDIDATE, SDP_WITH_CANDIDATE + "a=second\r\n");
        assertThat(watching.get(PATIENCE_SECONDS, TimeUnit.SECONDS)).isNull();
    }

    @Test
    void pingsAreSentAsOftenAsTheServerAsks() throws Exception {
        CompletableFuture<Void> watching = guest.watch(offer -> CompletableFuture.completedFuture("answer"))
                .toCompletableFuture();
        say(SignalResponse.JOIN, UnknownFieldSet.newBuilder().addField(11, number(1)));

        assertThat(heard(16).getField(1).getVarintList().get(0)).isPositive();
        assertThat(heard(16).getField(1).getVarintList().get(0)).isPositive();
        assertThat(watching).isNotDone();
    }

    @Test
    void aSessionThatTheServerEndsFailsTheJoin() {
        CompletableFuture<Void> watching = guest.watch(offer -> CompletableFuture.completedFuture("answer"))
                .toCompletableFuture();
        say(SignalResponse.LEAVE, UnknownFieldSet.newBuilder().addField(2, number(2)));

        assertThatThrownBy(() -> watching.get(PATIENCE_SECONDS, TimeUnit.SECONDS))
                .hasMessageContaining("LiveKit ended the session; reason 2");
    }

    @Test
    void aSocketThatClosesFailsTheJoin() {
        CompletableFuture<String> answered = guest.publish(SDP).toCompletableFuture();
        responses.first().complete();

        assertThatThrownBy(() -> answered.get(PATIENCE_SECONDS, TimeUnit.SECONDS))
                .hasMessageContaining("LiveKit closed the WebSocket");
    }
}
