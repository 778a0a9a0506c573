package org.rotunda.room.nodewatch;

import java.net.ConnectException;
import java.net.InetSocketAddress;
import org.apache.pekko.actor.AbstractActor;
import org.apache.pekko.actor.Props;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.io.Tcp;
import org.apache.pekko.io.TcpMessage;
import org.rotunda.room.nodewatch.LifelineNews.Fate;
import scala.jdk.javaapi.OptionConverters;

/**
 * The TCP connection of one lifeline. It sends nothing, and tells the {@link NodeWatch} its fate. When the actor is
 * stopped, the connection ends. The actor is a classic one, as Pekko's TCP needs.
 */
final class LifelineSocket extends AbstractActor {
    private final Lifelines.Attempt attempt;
    private final int port;
    private final ActorRef<? super LifelineNews> watch;

    private LifelineSocket(Lifelines.Attempt attempt, int port, ActorRef<? super LifelineNews> watch) {
        this.attempt = attempt;
        this.port = port;
        this.watch = watch;
    }

    static Props props(Lifelines.Attempt attempt, int port, ActorRef<? super LifelineNews> watch) {
        return Props.create(LifelineSocket.class, () -> new LifelineSocket(attempt, port, watch));
    }

    @Override
    public void preStart() {
        // The attempt has no time limit here, because Pekko would report its end like a refusal.
        InetSocketAddress remote =
                InetSocketAddress.createUnresolved(attempt.node().host(), port);
        Tcp.get(getContext().getSystem()).manager().tell(TcpMessage.connect(remote), getSelf());
    }

    @Override
    public Receive createReceive() {
        return receiveBuilder()
                .match(Tcp.Connected.class, connected -> onConnected())
                .match(Tcp.CommandFailed.class, failed -> end(isRefusal(failed) ? Fate.REFUSED : Fate.FAILED))
                .match(Tcp.Received.class, unexpected -> end(Fate.FAILED)) // A listener of lifelines sends nothing.
                .match(Tcp.ConnectionClosed.class, closed -> end(Fate.CLOSED))
                .build();
    }

    private void onConnected() {
        getSender().tell(TcpMessage.register(getSelf()), getSelf());
        watch.tell(new LifelineNews(attempt, Fate.CONNECTED));
    }

    private void end(Fate fate) {
        watch.tell(new LifelineNews(attempt, fate));
        getContext().stop(getSelf());
    }

    /** Returns whether the host has refused the connection. Other errors have other types, or come after the attempt. */
    private static boolean isRefusal(Tcp.CommandFailed failed) {
        return OptionConverters.toJava(failed.cause())
                .filter(ConnectException.class::isInstance)
                .isPresent();
    }
}
