package org.rotunda.gateway.connection;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.http.javadsl.model.ws.BinaryMessage;
import org.apache.pekko.http.javadsl.model.ws.Message;
import org.apache.pekko.http.javadsl.model.ws.TextMessage;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.stream.typed.javadsl.ActorSink;
import org.rotunda.gateway.signal.ClientFrameReader;
import org.rotunda.gateway.signal.Malformed;
import org.rotunda.gateway.signal.SignalLimits;

/** Connects a WebSocket with a new {@link Session}. Safe to call from any thread. */
public final class SignalingFlow {
    private static final Duration OPEN_TIMEOUT = Duration.ofSeconds(5);

    private final ActorSystem<?> system;
    private final ActorRef<Sessions.Command> sessions;
    private final SessionSettings settings;
    private final Materializer materializer;

    public SignalingFlow(ActorSystem<?> system, ActorRef<Sessions.Command> sessions, SessionSettings settings) {
        this.system = system;
        this.sessions = sessions;
        this.settings = settings;
        this.materializer = Materializer.createMaterializer(system);
    }

    /** Starts the session of a new WebSocket. */
    public CompletionStage<OpenedSocket> open(SocketOrigin origin) {
        Pair<ClientSocket, Source<Message, NotUsed>> outgoing = ClientSocket.open(settings, materializer);
        CompletionStage<ActorRef<SessionCommand>> session = AskPattern.ask(
                sessions,
                (ActorRef<ActorRef<SessionCommand>> replyTo) -> new Sessions.Open(outgoing.first(), origin, replyTo),
                OPEN_TIMEOUT,
                system.scheduler());
        // The two halves are not coupled. Only the session closes the socket, because the close code decides whether
        // the client comes back.
        return session.thenApply(actor -> new OpenedSocket(
                Flow.fromSinkAndSource(incoming(actor), outgoing.second()), outgoing.first()::isFailedByPlan));
    }

    private Sink<Message, NotUsed> incoming(ActorRef<SessionCommand> session) {
        Sink<Incoming, NotUsed> frames = ActorSink.actorRefWithBackpressure(
                session,
                (ActorRef<SessionCommand.Ack> ack, Incoming frame) ->
                        new SessionCommand.Received(frame.read(), frame.chars(), ack),
                SessionCommand.SocketOpened::new,
                SessionCommand.Ack.NEXT,
                SessionCommand.SocketClosed.WITHOUT_ERROR,
                SessionCommand.SocketClosed::of);
        return Flow.of(Message.class)
                .mapAsync(1, this::read)
                // Without this limit the sink would read 16 frames ahead of a session that makes its client wait.
                .to(frames.addAttributes(Attributes.inputBuffer(1, 1)));
    }

    /**
     * Reads one whole message. Skips the rest of a message that is too long, so that the client can still get an error.
     */
    private CompletionStage<Incoming> read(Message message) {
        if (message instanceof TextMessage text) {
            return text.isStrict()
                    ? CompletableFuture.completedFuture(Incoming.of(text.getStrictText()))
                    : text.getStreamedText()
                            .runFold(new StringBuilder(), SignalingFlow::append, materializer)
                            .thenApply(whole -> Incoming.of(whole.toString()));
        }
        Incoming binary = new Incoming(new ClientFrameReader.Read(null, Malformed.NOT_JSON), 0);
        return message instanceof BinaryMessage bytes && !bytes.isStrict()
                ? bytes.getStreamedData().runWith(Sink.ignore(), materializer).thenApply(done -> binary)
                : CompletableFuture.completedFuture(binary);
    }

    /** @param chars the length of the frame's text in UTF-16 units */
    private record Incoming(ClientFrameReader.Read read, int chars) {
        static Incoming of(String text) {
            return new Incoming(ClientFrameReader.read(text), text.length());
        }
    }

    private static StringBuilder append(StringBuilder whole, String part) {
        return whole.length() > SignalLimits.FRAME_CHARS_MAX ? whole : whole.append(part);
    }
}
