package org.rotunda.load.bench;

import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import org.rotunda.load.bot.BotFleet;
import org.rotunda.load.client.Metrics;

/** Another server than the product, of which only the kernel tells what it uses. Main thread only. */
final class PeerServer implements BenchServer {
    private static final Metrics NO_METRICS = new Metrics(Map.of());

    private final ServerProcess process;
    private final Function<BotFleet, Door> doors;
    private final Runnable end;

    /**
     * Creates a server of a running process.
     *
     * @param doors makes the door for the bots of a fleet
     * @param end ends what the bench needed to talk to the server; called when the process has ended
     */
    PeerServer(ServerProcess process, Function<BotFleet, Door> doors, Runnable end) {
        this.process = process;
        this.doors = doors;
        this.end = end;
    }

    @Override
    public Door door(BotFleet fleet) {
        return doors.apply(fleet);
    }

    /** Does nothing: the one room of the server has no limit of viewers. */
    @Override
    public void createRoom(String name, int participantsMax) {}

    @Override
    public NodeSample sample() throws IOException {
        return new NodeSample(System.nanoTime(), process.usage(), NO_METRICS);
    }

    @Override
    public Map<Figure, Double> figures(NodeSample begin, NodeSample end) {
        return RunFigures.ofProcess(begin, end);
    }

    @Override
    public OptionalDouble liveHeapBytes() {
        return OptionalDouble.empty();
    }

    /** Returns nothing: the profiler reads only JVMs. */
    @Override
    public Optional<Profiler> profile() {
        return Optional.empty();
    }

    /** Returns false: neither Janus 1.x nor LiveKit 1.x has segmented sends. */
    @Override
    public boolean isSegmenting() {
        return false;
    }

    @Override
    public void close() {
        process.close();
        end.run();
    }
}
