package org.rotunda.gateway.connection;

import java.util.concurrent.atomic.AtomicLong;
import org.apache.pekko.NotUsed;
import org.apache.pekko.http.javadsl.model.ws.Message;
import org.apache.pekko.http.javadsl.model.ws.TextMessage;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.stream.BoundedSourceQueue;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.QueueOfferResult;
import org.apache.pekko.stream.javadsl.Source;
import org.rotunda.gateway.signal.ServerFrame;
import org.rotunda.gateway.signal.ServerFrameWriter;

/**
 * The outgoing half of a signaling WebSocket: a bounded queue between a session and a client that may read slowly.
 * Owned by one session; never blocks.
 */
final class ClientSocket {
    private final BoundedSourceQueue<String> queue;
    private final AtomicLong queuedChars;
    private final long queueCharsMax;
    private volatile boolean failedByPlan;

    private ClientSocket(BoundedSourceQueue<String> queue, AtomicLong queuedChars, long queueCharsMax) {
        this.queue = queue;
        this.queuedChars = queuedChars;
        this.queueCharsMax = queueCharsMax;
    }

    /** Opens a socket. The returned source emits the frames that are sent on the socket. */
    static Pair<ClientSocket, Source<Message, NotUsed>> open(SessionSettings settings, Materializer materializer) {
        AtomicLong queuedChars = new AtomicLong();
        Pair<BoundedSourceQueue<String>, Source<String, NotUsed>> queue =
                Source.<String>queue(settings.queueFramesMax()).preMaterialize(materializer);
        Source<Message, NotUsed> frames = queue.second().map(text -> {
            queuedChars.addAndGet(-text.length());
            return TextMessage.create(text);
        });
        return Pair.create(new ClientSocket(queue.first(), queuedChars, settings.queueCharsMax()), frames);
    }

    /** Queues a frame. Returns false if the queue is full; the caller must then call {@link #fail}. */
    boolean send(ServerFrame frame) {
        if (queue.isCompleted()) {
            return true; // The socket is closing; the client would not read this frame.
        }
        String text = ServerFrameWriter.write(frame);
        if (queuedChars.addAndGet(text.length()) > queueCharsMax) {
            return false;
        }
        return queue.offer(text) != QueueOfferResult.dropped();
    }

    /** Closes the socket with code 1000 after all queued frames are sent, so that the client does not come back. */
    void complete() {
        if (!queue.isCompleted()) {
            queue.complete();
        }
    }

    /**
     * Closes the socket with code 1011 at once, so that the client comes back and resumes. Does nothing after {@link
     * #complete}.
     */
    void fail(String why) {
        if (!queue.isCompleted()) {
            queue.fail(new SocketFailure(why));
        }
    }

    /** Does the same as {@link #fail}, but with code 1012, because the node stops. */
    void failByPlan(String why) {
        failedByPlan = !queue.isCompleted();
        fail(why);
    }

    /** Returns whether {@link #failByPlan} has closed the socket. Callable from any thread. */
    boolean isFailedByPlan() {
        return failedByPlan;
    }
}
