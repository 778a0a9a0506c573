package org.rotunda.room.nodewatch;

import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The lifelines of one room node: one TCP connection to each process that it watches. The kernel closes all connections
 * of a process at the moment at which the process ends, so a lifeline shows the end at once. This machine decides what
 * the end of a connection means.
 *
 * <p>A process has ended if its lifeline was open, closed, and the next connection is <em>refused</em>. A closed
 * connection alone proves nothing: a network may reset connections. A refusal alone proves nothing either: the port may
 * be closed by a firewall, or be another one now. Load cannot cause a refusal, because the kernel accepts connections for
 * a process that is busy or stopped. No answer proves nothing; the beats decide about machines that vanish.
 *
 * <p>The machine opens no socket. Connections are made by the {@link Sink}, and their fates come back as inputs. Owned
 * by {@link NodeWatch}.
 */
final class Lifelines {
    /**
     * The maximum number of lifelines of one node. Further nodes are watched by their beats alone. A cluster has at most
     * some hundred room nodes, and each other node has five watchers.
     */
    static final int LIFELINES_MAX = 1_024;

    /** The time after which an attempt to connect is given up. A running host accepts or refuses at once. */
    static final long ATTEMPT_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** The time from a failed attempt to the next one. */
    static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(5);

    /**
     * The lifetime of a connection below which it counts as short. A process that ends may still take a connection and
     * close it a moment later, so the machine connects once more. A proxy in front of a dead process, or a full listener,
     * takes and closes connections without end, so the machine waits after {@link #SHORT_MAX} short ones.
     */
    static final long SHORT_NANOS = TimeUnit.SECONDS.toNanos(1);

    static final int SHORT_MAX = 3;

    /** One attempt to connect. Its number tells it from earlier attempts, whose fates may still be under way. */
    record Attempt(NodeId node, long number) {}

    /** The outputs of the machine. Called during the input that causes them. */
    interface Sink {
        /** Begins to connect. */
        void connect(Attempt attempt, int port);

        /** Ends an attempt or its connection. No further input about the attempt is needed. */
        void disconnect(Attempt attempt);

        /** Called when the process of the node has ended. */
        void ended(NodeId node);
    }

    private enum Phase {
        /** No connection, until the time for the next attempt. */
        WAITING,
        /** An attempt runs that proves nothing if it fails. */
        CONNECTING,
        CONNECTED,
        /** An attempt runs after the end of a connection. If it is refused, the process has ended. */
        PROVING
    }

    private static final class Line {
        private final int port;
        private Phase phase = Phase.WAITING;
        private Attempt attempt;
        private long dueNanos; // The next attempt while WAITING; the end of the attempt while CONNECTING or PROVING.
        private long connectedNanos;
        private int shortOnes;

        Line(NodeId node, int port, long nowNanos) {
            this.port = port;
            this.attempt = new Attempt(node, 0);
            this.dueNanos = nowNanos;
        }
    }

    private final Sink sink;
    private final Map<NodeId, Line> lines = new HashMap<>();
    private long attempts;

    Lifelines(Sink sink) {
        this.sink = sink;
    }

    /** Keeps lifelines to these nodes, and ends all others. The values are the ports of the nodes' listeners. */
    void watch(Map<NodeId, Integer> targets, long nowNanos) {
        Iterator<Map.Entry<NodeId, Line>> kept = lines.entrySet().iterator();
        while (kept.hasNext()) {
            Map.Entry<NodeId, Line> entry = kept.next();
            Integer port = targets.get(entry.getKey());
            if (port == null || port != entry.getValue().port) {
                disconnect(entry.getValue());
                kept.remove();
            }
        }
        targets.forEach((node, port) -> {
            if (!lines.containsKey(node) && lines.size() < LIFELINES_MAX) {
                lines.put(node, new Line(node, port, nowNanos));
            }
        });
        onTick(nowNanos);
    }

    /** Begins the attempts that are due, and gives up those that got no answer. */
    void onTick(long nowNanos) {
        for (Line line : lines.values()) {
            if (line.phase == Phase.CONNECTED || nowNanos - line.dueNanos < 0) {
                continue;
            }
            if (line.phase == Phase.WAITING) {
                connect(line, Phase.CONNECTING, nowNanos);
            } else {
                disconnect(line);
                await(line, nowNanos);
            }
        }
    }

    void onConnected(Attempt attempt, long nowNanos) {
        Line line = lineOf(attempt);
        if (line != null && isTrying(line)) {
            line.phase = Phase.CONNECTED;
            line.connectedNanos = nowNanos;
        }
    }

    /** Notes that the other side has ended an open connection. */
    void onClosed(Attempt attempt, long nowNanos) {
        Line line = lineOf(attempt);
        if (line == null || line.phase != Phase.CONNECTED) {
            return;
        }
        line.shortOnes = nowNanos - line.connectedNanos < SHORT_NANOS ? line.shortOnes + 1 : 0;
        if (line.shortOnes > SHORT_MAX) {
            await(line, nowNanos);
        } else {
            connect(line, Phase.PROVING, nowNanos);
        }
    }

    /** Notes that the host has refused an attempt to connect. */
    void onRefused(Attempt attempt, long nowNanos) {
        Line line = lineOf(attempt);
        if (line == null || !isTrying(line)) {
            return;
        }
        boolean isProof = line.phase == Phase.PROVING;
        await(line, nowNanos);
        if (isProof) {
            sink.ended(attempt.node());
        }
    }

    /** Notes that an attempt has failed for another reason than a refusal, or that a connection is of no use. */
    void onFailed(Attempt attempt, long nowNanos) {
        Line line = lineOf(attempt);
        if (line != null && line.phase != Phase.WAITING) {
            await(line, nowNanos);
        }
    }

    /** Returns the number of open lifelines. */
    int open() {
        return (int) lines.values().stream()
                .filter(line -> line.phase == Phase.CONNECTED)
                .count();
    }

    private @Nullable Line lineOf(Attempt attempt) {
        Line line = lines.get(attempt.node());
        return line != null && line.attempt.equals(attempt) ? line : null;
    }

    private static boolean isTrying(Line line) {
        return line.phase == Phase.CONNECTING || line.phase == Phase.PROVING;
    }

    private void connect(Line line, Phase phase, long nowNanos) {
        attempts++;
        line.phase = phase;
        line.attempt = new Attempt(line.attempt.node(), attempts);
        line.dueNanos = nowNanos + ATTEMPT_NANOS;
        sink.connect(line.attempt, line.port);
    }

    private void disconnect(Line line) {
        if (line.phase != Phase.WAITING) {
            sink.disconnect(line.attempt);
        }
    }

    private static void await(Line line, long nowNanos) {
        line.phase = Phase.WAITING;
        line.shortOnes = 0;
        line.dueNanos = nowNanos + RETRY_NANOS;
    }
}
