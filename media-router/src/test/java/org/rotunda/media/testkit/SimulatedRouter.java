package org.rotunda.media.testkit;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.rotunda.media.congestion.TraceRecorder;
import org.rotunda.media.control.MediaCommand;
import org.rotunda.media.control.MediaEvent;
import org.rotunda.media.control.MediaListener;
import org.rotunda.media.control.RoomReport;
import org.rotunda.media.control.TransportId;
import org.rotunda.media.dtls.DtlsIdentity;
import org.rotunda.media.forward.EgressPacketWriter;
import org.rotunda.media.ice.TcpRemote;
import org.rotunda.media.net.HandoverQueue;
import org.rotunda.media.router.HostedRooms;
import org.rotunda.media.router.HostedTransport;
import org.rotunda.media.router.LoopLinks;
import org.rotunda.media.router.RouterCore;
import org.rotunda.media.router.RouterSnapshot;
import org.rotunda.media.sctp.SctpSettings;
import org.rotunda.media.time.Deadline;
import org.rotunda.media.transport.CongestionTraces;
import org.rotunda.media.transport.DropStatistics;
import org.rotunda.media.transport.LoopBuffers;
import org.rotunda.media.transport.QualityStatistics;
import org.rotunda.media.transport.TransportEnvironment;

/**
 * A media node with one event loop, without sockets and threads: a real {@link RouterCore} with an address in the
 * simulation.
 */
public final class SimulatedRouter {
    public static final long ABANDONED_AFTER_NANOS = 120_000_000_000L;
    private static final Instant BOOT = Instant.parse("2026-01-01T00:00:00Z");

    private final Simulation simulation;
    private final InetSocketAddress address;
    private final DropStatistics drops = new DropStatistics();
    private final InlineHandshakes handshakes = new InlineHandshakes();
    private final DtlsIdentity identity = DtlsIdentity.generate(new SecureRandom(), BOOT);
    private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();
    private final List<MediaEvent> events = new ArrayList<>();
    private final List<RoomReport> reports = new ArrayList<>();
    private final Map<InetSocketAddress, TcpRemote> connections = new HashMap<>(); // The key is the client's address.
    private final RouterCore core;
    private final HostedRooms rooms;
    private final @Nullable SimulatedLoops loops; // The loops of the node, if it has several.
    private final HandoverQueue inbox;
    private Consumer<MediaEvent> listener = event -> {};
    private Predicate<MediaEvent> failing = event -> false;
    private @Nullable InetSocketAddress unsendable;
    private long wakeUpNanos = Deadline.NO_DEADLINE;
    private long batchNanos; // The time between two batches of datagrams; 0 if each datagram is taken when it comes.
    private boolean drainsEach;
    private final List<Runnable> batch = new ArrayList<>();
    private CongestionTraces traces = CongestionTraces.NONE;
    private boolean dead;
    private long sent;
    private long sentByTcp;

    public SimulatedRouter(Simulation simulation) {
        this(simulation, 1_000, simulation.allocator());
    }

    /** Makes a router that lets audio to a large audience wait. */
    public static SimulatedRouter withAudioWait(Simulation simulation, long waitMs) {
        return new SimulatedRouter(simulation, 1_000, simulation.allocator(), waitMs * 1_000_000L);
    }

    /**
     * @param allocator the allocator of the router's buffers; the simulation's allocator finds leaks, and a pooled
     *     allocator suits measurements
     */
    public SimulatedRouter(Simulation simulation, int transportsMax, ByteBufAllocator allocator) {
        this(simulation, transportsMax, allocator, 0);
    }

    private SimulatedRouter(Simulation simulation, int transportsMax, ByteBufAllocator allocator, long audioWaitNanos) {
        this(
                simulation,
                allocator,
                audioWaitNanos,
                HostedRooms.ofOneLoop(transportsMax, simulation.random()),
                LoopLinks.NONE,
                null,
                new HandoverQueue(2));
    }

    /** Makes one loop of a node with several. */
    SimulatedRouter(
            Simulation simulation,
            ByteBufAllocator allocator,
            HostedRooms rooms,
            LoopLinks links,
            SimulatedLoops loops,
            HandoverQueue inbox) {
        this(simulation, allocator, 0, rooms, links, loops, inbox);
    }

    private SimulatedRouter(
            Simulation simulation,
            ByteBufAllocator allocator,
            long audioWaitNanos,
            HostedRooms rooms,
            LoopLinks links,
            @Nullable SimulatedLoops loops,
            HandoverQueue inbox) {
        this.rooms = rooms;
        this.loops = loops;
        this.inbox = inbox;
        this.simulation = simulation;
        this.address = simulation.newAddress();
        String candidate = "candidate:1 1 udp 2130706431 "
                + address.getAddress().getHostAddress() + " " + address.getPort() + " typ host";
        core = new RouterCore(
                new TransportEnvironment(
                        allocator,
                        simulation.random(),
                        identity,
                        handshakes,
                        tasks::add,
                        () -> List.of(candidate),
                        SctpSettings.DEFAULT,
                        Simulation.UNIX_MINUS_MONOTONIC_NANOS,
                        drops,
                        new QualityStatistics(),
                        new EgressPacketWriter(),
                        new LoopBuffers(),
                        new Traces()),
                new Listener(),
                ABANDONED_AFTER_NANOS,
                audioWaitNanos,
                links);
        simulation.attach(address, this::onDatagram);
    }

    public InetSocketAddress address() {
        return address;
    }

    public RouterCore core() {
        return core;
    }

    InlineHandshakes handshakes() {
        return handshakes;
    }

    /** Sets whether this router invites clients that move here to their ClientHello. */
    public void setInviting(boolean isInviting) {
        handshakes.setInviting(isInviting);
    }

    /** Sets a listener that receives events in addition to {@link #events}. */
    public void setListener(Consumer<MediaEvent> next) {
        listener = next;
    }

    /**
     * Makes the router's event listener throw at the events that the predicate accepts. This simulates a defect in the
     * work that sends such an event.
     */
    public void failAt(Predicate<MediaEvent> events) {
        failing = events;
    }

    /** Makes every send to this address throw. */
    public void failAtSending(InetSocketAddress remote) {
        unsendable = remote;
    }

    /** Returns all events since the start. */
    public List<MediaEvent> events() {
        return events;
    }

    /** Returns the events of one kind about one transport. */
    public <T extends MediaEvent> List<T> events(Class<T> kind, TransportId transport) {
        return events.stream()
                .filter(kind::isInstance)
                .map(kind::cast)
                .filter(event -> event.transport().equals(transport))
                .toList();
    }

    public void command(MediaCommand command) {
        if (!dead) {
            HostedTransport place = rooms.route(command);
            (loops == null ? this : loops.loop(place.loop())).carryOut(place, command);
        }
    }

    private void carryOut(HostedTransport place, MediaCommand command) {
        core.onCommand(place, command, simulation.nowNanos());
        settle();
    }

    /** Takes what the other loops have handed over. */
    void takeHandovers() {
        if (!dead) {
            inbox.drainTo(core, simulation.nowNanos());
            settle();
        }
    }

    /**
     * Makes the router take datagrams in batches, as an event loop does that reads all that its socket has.
     *
     * @param drains true to drain the router after each datagram of a batch, false to drain it after the batch
     */
    public void takeBatches(long intervalMs, boolean drains) {
        batchNanos = intervalMs * 1_000_000L;
        drainsEach = drains;
    }

    /** Handles a datagram from any address, without a link. */
    public void onDatagram(byte[] datagram, InetSocketAddress source) {
        if (batchNanos == 0) {
            take(datagram, source);
            settle();
            return;
        }
        batch.add(() -> take(datagram, source));
        if (batch.size() == 1) {
            simulation.at(Deadline.onGrid(simulation.nowNanos() + 1, batchNanos), this::takeBatch);
        }
    }

    private void take(byte[] datagram, InetSocketAddress source) {
        if (!dead) {
            TcpRemote connection = connections.get(source);
            core.onDatagram(
                    Unpooled.wrappedBuffer(datagram), connection == null ? source : connection, simulation.nowNanos());
        }
    }

    private void takeBatch() {
        List<Runnable> taken = List.copyOf(batch);
        batch.clear();
        for (Runnable datagram : taken) {
            datagram.run();
            if (drainsEach) {
                settle();
            }
        }
        settle();
    }

    /** Makes the packets from and to this address go over a new TCP connection from now on. */
    public TcpRemote acceptTcp(InetSocketAddress client) {
        TcpRemote connection = new TcpRemote(client);
        connections.put(client, connection);
        return connection;
    }

    /** Ends the TCP connection of this address. Packets from the address are datagrams again. */
    public void endTcp(InetSocketAddress client) {
        core.onClosed(Objects.requireNonNull(connections.remove(client)), simulation.nowNanos());
        settle();
    }

    /** Returns the number of packets that were sent over TCP connections. */
    public long sentByTcp() {
        return sentByTcp;
    }

    public RouterSnapshot snapshot() {
        return core.snapshot();
    }

    /** Returns how often the router has dropped something for this reason. The reason is named as in metrics. */
    public long drops(String reason) {
        return core.snapshot().drops().getOrDefault(reason, 0L);
    }

    /** Returns the number of datagrams sent so far. */
    public long sent() {
        return sent;
    }

    /** Stops the node at once, as if it had been killed. */
    public void kill() {
        dead = true;
        simulation.detach(address);
        core.close();
    }

    /** Returns all reports since the start. */
    public List<RoomReport> reports() {
        return reports;
    }

    /** Sets what keeps the traces of transports that send their first packet from now on. */
    public void setTraces(CongestionTraces next) {
        traces = next;
    }

    private final class Traces implements CongestionTraces {
        @Override
        public @Nullable TraceRecorder begin(TransportId transport, long startNanos) {
            return traces.begin(transport, startNanos);
        }

        @Override
        public void end(TransportId transport, TraceRecorder trace) {
            traces.end(transport, trace);
        }

        @Override
        public void close() {
            traces.close();
        }
    }

    private final class Listener implements MediaListener {
        @Override
        public void onEvent(MediaEvent event) {
            SimulatedRouter.this.onEvent(event);
        }

        @Override
        public void onReport(RoomReport report) {
            reports.add(report);
        }
    }

    private void onEvent(MediaEvent event) {
        events.add(event);
        if (failing.test(event)) {
            throw new IllegalStateException("the test wants this event to fail: " + event.getClass());
        }
        listener.accept(event);
    }

    /** Does the work of a loop after an input: runs tasks, drains, and schedules the wake-up. */
    private void settle() {
        if (dead) {
            return;
        }
        core.drainTo((datagram, remote) -> {
            byte[] bytes = ByteBufUtil.getBytes(datagram);
            datagram.release();
            if (remote.equals(unsendable)) {
                throw new IllegalStateException("the test wants this send to fail: " + remote);
            }
            sent++;
            if (remote instanceof TcpRemote connection) {
                sentByTcp++;
                if (connections.get(connection.address()) != connection) {
                    throw new IllegalStateException("sent over a connection that has ended: " + remote);
                }
            }
            simulation.send(address, TcpRemote.addressOf(remote), bytes);
        });
        Runnable task = tasks.poll();
        if (task != null) {
            task.run();
            settle();
            return;
        }
        long deadline = core.nextDeadlineNanos();
        if (deadline < wakeUpNanos) {
            wakeUpNanos = Math.max(deadline, simulation.nowNanos());
            simulation.at(wakeUpNanos, this::onWakeUp);
        }
    }

    private void onWakeUp() {
        if (!dead && simulation.nowNanos() >= wakeUpNanos) {
            wakeUpNanos = Deadline.NO_DEADLINE;
            core.onTimeout(simulation.nowNanos());
            settle();
        }
    }
}
