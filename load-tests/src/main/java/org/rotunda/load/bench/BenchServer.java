package org.rotunda.load.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.CompletionStage;
import org.rotunda.load.bot.BotFleet;
import org.rotunda.load.bot.JoinTimes;

/** The server under media, in a process of its own: a node of the product, or another server. Main thread only. */
interface BenchServer extends AutoCloseable {
    /** Starts a server and returns when it is ready. */
    interface Starter {
        /** @param directory a directory for the server's log and files, which the starter creates */
        BenchServer start(BenchOptions options, Path directory) throws IOException;
    }

    /** Lets bots into the server's rooms. Callable from any thread. */
    interface Door {
        CompletionStage<Visit> join(Seat seat);
    }

    /**
     * A bot that has joined.
     *
     * @param leave makes the bot leave its room
     */
    record Visit(JoinTimes times, Runnable leave) {}

    /** Returns the door through which bots of this fleet join. */
    Door door(BotFleet fleet);

    /** Creates a room with a higher limit of participants than the default, if the server has a limit. */
    void createRoom(String name, int participantsMax);

    /** Reads the resources of the server, and its metrics if it has the product's metrics. */
    NodeSample sample() throws IOException;

    /** Returns the figures of the server between two of its samples. */
    Map<Figure, Double> figures(NodeSample begin, NodeSample end);

    /** Returns the bytes of all live objects; empty if they cannot be counted. */
    OptionalDouble liveHeapBytes() throws IOException;

    /** Starts to profile the server's processor time; empty if the server cannot be profiled. */
    Optional<Profiler> profile() throws IOException;

    /** Returns whether the server uses UDP segmentation offload. */
    boolean isSegmenting() throws IOException;

    /** Stops the server. */
    @Override
    void close();
}
