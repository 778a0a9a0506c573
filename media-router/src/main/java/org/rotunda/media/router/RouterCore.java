package org.rotunda.media.router;

import io.netty.buffer.ByteBuf;
import java.net.SocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.rotunda.media.control.DesiredTransport;
import org.rotunda.media.control.MediaCommand;
import org.rotunda.media.control.MediaEvent;
import org.rotunda.media.control.MediaListener;
import org.rotunda.media.control.RoomReport;
import org.rotunda.media.control.RouterRoomView;
import org.rotunda.media.control.TransportId;
import org.rotunda.media.rtp.PacketKind;
import org.rotunda.media.stun.StunMessage;
import org.rotunda.media.time.Deadline;
import org.rotunda.media.transport.Transport;
import org.rotunda.media.transport.TransportEnvironment;
import org.rotunda.media.transport.TransportOwner;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All rooms of one event loop. Finds the transport for each datagram and the room for each command.
 *
 * <p>STUN datagrams are matched by our own ICE ufrag. Other datagrams are matched by their source address, after an
 * authentic STUN check has come from it. A client may change its address at any time, and an address may pass to
 * another client.
 *
 * <p>An exception in the work for one transport is a defect of ours. It ends this transport, is counted and logged, and
 * does not reach the work for any other transport ({@link #onFault}).
 */
public final class RouterCore implements MediaCore, LoopLinks.Receiver {
    private static final Logger LOG = LoggerFactory.getLogger(RouterCore.class);

    private final TransportEnvironment environment;
    private final MediaListener listener;
    private final LoopLinks links;
    private final long abandonedAfterNanos;
    private final Map<String, RouterRoom> rooms = new HashMap<>();
    private final Map<TransportId, Transport> transports = new HashMap<>();
    private final Map<String, Transport> byUfrag = new HashMap<>();
    private final Map<SocketAddress, Transport> byAddress = new HashMap<>();
    private final DeadlineQueue<Transport> deadlines = new DeadlineQueue<>();
    private List<Transport> touched = new ArrayList<>(); // A transport is added only once between two drains.
    private List<Transport> draining = new ArrayList<>();
    private final ArrayDeque<RouterRoom> stale = new ArrayDeque<>(); // Rooms whose links may have to be made again.
    // The transports whose work has failed. The next drain closes them. They are not closed at once, because the code
    // that failed may still be using them.
    private final Set<Transport> faulty = new LinkedHashSet<>();
    private final TransportFaults faults = this::onFault;
    private final Departures departures;
    private @Nullable Transmitter transmitting; // Null outside of a drain.
    private final Transport.LayerSink layers = this::reportLayers;
    private final StunMessage stun = new StunMessage();
    private final RouterStatistics statistics = new RouterStatistics();
    private final Owner owner = new Owner();
    private final AtomicReference<@Nullable TransportId> handled = new AtomicReference<>();
    private long nowNanos;
    // The time of the next reports of all rooms. All rooms report together, so that the loop wakes up only once.
    private long reportsDueNanos = Deadline.NO_DEADLINE;

    /**
     * Creates a core without rooms.
     *
     * @param listener receives every event, on this loop
     * @param abandonedAfterNanos the time after which a transport is closed if the router has heard neither from its
     *     client nor from its room
     * @param audioWaitNanos the time that audio to a large audience may wait for other audio; 0 for none
     */
    public RouterCore(
            TransportEnvironment environment, MediaListener listener, long abandonedAfterNanos, long audioWaitNanos) {
        this(environment, listener, abandonedAfterNanos, audioWaitNanos, LoopLinks.NONE);
    }

    /**
     * Creates a core without rooms, for one of several loops.
     *
     * @param links the ways to the other loops
     */
    public RouterCore(
            TransportEnvironment environment,
            MediaListener listener,
            long abandonedAfterNanos,
            long audioWaitNanos,
            LoopLinks links) {
        this.links = links;
        this.departures = new Departures(this::forwardDue, audioWaitNanos);
        this.environment = environment;
        this.listener = listener;
        this.abandonedAfterNanos = abandonedAfterNanos;
    }

    // --- commands -------------------------------------------------------------------------------------------------

    /**
     * Carries out one command. The caller must then call {@link #drainTo}.
     *
     * @param hosted the place of the command's transport, as {@link HostedRooms#route} has returned it for this command
     */
    public void onCommand(HostedTransport hosted, MediaCommand command, long nowNanos) {
        departures.forward();
        this.nowNanos = nowNanos;
        handled.setRelease(command.transport());
        try {
            if (hosted.admits(command.epoch())) {
                carryOut(hosted, command);
            } else {
                refuse(command, MediaEvent.Refusal.STALE_EPOCH);
            }
        } finally {
            hosted.release(nowNanos);
        }
    }

    private void carryOut(HostedTransport hosted, MediaCommand command) {
        RouterRoom room = rooms.get(command.transport().roomSid());
        Transport transport = room == null ? null : room.transport(command.transport());
        if (room == null || transport == null) {
            if (command instanceof MediaCommand.OpenTransport open) {
                open(hosted, open);
            } else {
                refuse(command, MediaEvent.Refusal.UNKNOWN_TRANSPORT);
            }
            return;
        }
        if (isFaulty(transport)) {
            refuse(command, MediaEvent.Refusal.UNKNOWN_TRANSPORT);
            return;
        }
        try {
            onCommand(room, transport, command);
        } catch (RuntimeException fault) {
            onFault(transport, RouterFault.COMMAND, fault);
        }
    }

    private void onCommand(RouterRoom room, Transport transport, MediaCommand command) {
        transport.onCommand(nowNanos);
        if (command instanceof MediaCommand.OpenTransport || command instanceof MediaCommand.ReportTransport) {
            report(room, transport);
        } else if (command instanceof DesiredTransport desired) {
            room.apply(desired, nowNanos);
            stale.add(room);
            listener.onEvent(new MediaEvent.DesiredApplied(desired.transport(), desired.epoch(), desired.version()));
        } else if (command instanceof MediaCommand.RemoteDescription remote) {
            transport.onRemoteDescription(remote.description(), nowNanos);
        } else if (command instanceof MediaCommand.SendOnChannel send) {
            transport.sendText(send.label(), send.text(), nowNanos);
        } else if (command instanceof MediaCommand.RepeatMessages repeat) {
            transport.repeat(repeat.messages(), nowNanos);
        } else if (command instanceof MediaCommand.CloseTransport close) {
            if (!close.notifyPeer()) {
                transport.reportUnacknowledged();
            }
            close(room, transport, close.notifyPeer());
        } else {
            throw new IllegalStateException("a command without a handler: " + command.getClass());
        }
    }

    private void open(HostedTransport hosted, MediaCommand.OpenTransport open) {
        if (!hosted.takePlace()) {
            refuse(open, MediaEvent.Refusal.NODE_FULL);
            return;
        }
        Transport transport;
        try {
            transport =
                    new Transport(open.transport(), open.videoCodecs(), open.handover(), environment, owner, nowNanos);
        } catch (RuntimeException fault) {
            // The constructor may have registered the transport with this core before it failed.
            forget(open.transport());
            hosted.freePlace(nowNanos);
            noteFault(open.transport(), RouterFault.COMMAND, fault);
            listener.onEvent(new MediaEvent.StateChanged(open.transport(), MediaEvent.State.CLOSED));
            return;
        }
        transports.put(open.transport(), transport);
        reportsDueNanos = Deadline.min(reportsDueNanos, nextReportNanos());
        rooms.computeIfAbsent(open.transport().roomSid(), sid -> room(hosted.room()))
                .add(transport, hosted);
        if (open.requestOffer()) {
            try {
                transport.requestOffer();
            } catch (RuntimeException fault) {
                onFault(transport, RouterFault.COMMAND, fault);
            }
        }
    }

    private RouterRoom room(HostedRoom hosted) {
        return new RouterRoom(
                hosted,
                faults,
                departures,
                listener,
                room -> new RoomRelays(
                        hosted, links, statistics, environment.allocator(), faults, departures, new RelayOwner(room)));
    }

    /** Gives a room's relays what they need of this core. */
    private final class RelayOwner implements RoomRelays.Owner {
        private final RouterRoom room;

        RelayOwner(RouterRoom room) {
            this.room = room;
        }

        @Override
        public void linksChanged() {
            room.onStreamsChanged();
            stale.add(room);
        }

        @Override
        public void onFault(RelayedPublication publication, RuntimeException fault) {
            onRelayFault(publication, fault);
        }

        @Override
        public long nowNanos() {
            return nowNanos;
        }
    }

    private void forget(TransportId id) {
        byAddress.values().removeIf(transport -> transport.id().equals(id));
        byUfrag.values().removeIf(transport -> transport.id().equals(id));
        touched.removeIf(transport -> transport.id().equals(id));
    }

    /** Sends again the events that the room's owner needs after a recovery. */
    private void report(RouterRoom room, Transport transport) {
        transport.reportNegotiation();
        room.reportWithoutCodec(transport.id());
        transport.reportState();
        room.forEachPublished(transport.id(), (trackSid, source) -> {
            if (source.isVideo()) {
                listener.onEvent(new MediaEvent.LayersChanged(transport.id(), trackSid, source.layers()));
            }
        });
        transport.reportChannels();
    }

    private void refuse(MediaCommand command, MediaEvent.Refusal refusal) {
        listener.onEvent(new MediaEvent.CommandRefused(command.transport(), command.epoch(), refusal));
    }

    /** Closes a transport and removes it from its room. A notice to the peer is sent with the next drain. */
    private void close(RouterRoom room, Transport transport, boolean notifyPeer) {
        HostedTransport hosted = room.hosted(transport);
        room.remove(transport.id());
        transports.remove(transport.id());
        byAddress.values().removeIf(other -> other == transport);
        byUfrag.values().removeIf(other -> other == transport);
        try {
            transport.close(notifyPeer, nowNanos);
        } catch (RuntimeException fault) {
            noteFault(transport.id(), RouterFault.CLOSE, fault);
        }
        stale.add(room);
        if (room.isEmpty()) {
            rooms.remove(transport.id().roomSid());
        }
        hosted.freePlace(nowNanos);
        statistics.transportClosed(transport);
        listener.onEvent(new MediaEvent.StateChanged(transport.id(), MediaEvent.State.CLOSED));
    }

    // --- faults ---------------------------------------------------------------------------------------------------

    /** Notes an exception in the work for a transport. The next drain closes the transport and tells the room. */
    private void onFault(Transport transport, RouterFault place, RuntimeException fault) {
        if (faulty.add(transport)) {
            noteFault(transport.id(), place, fault);
        }
    }

    private void noteFault(TransportId id, RouterFault place, RuntimeException fault) {
        statistics.count(place);
        LOG.atError()
                .addKeyValue("room", id.roomSid())
                .addKeyValue("participant", id.participantSid())
                .addKeyValue("connection", id.connectionId())
                .addKeyValue("place", place.metricName())
                .setCause(fault)
                .log("a fault ends a transport");
    }

    private boolean isFaulty(Transport transport) {
        return !faulty.isEmpty() && faulty.contains(transport);
    }

    private void closeFaulty() {
        while (!faulty.isEmpty()) {
            Transport transport = faulty.iterator().next();
            RouterRoom room = rooms.get(transport.id().roomSid());
            if (room != null && room.transport(transport.id()) == transport) {
                close(room, transport, false);
            }
            deadlines.set(transport, Deadline.NO_DEADLINE);
            try {
                transport.release();
            } catch (RuntimeException fault) {
                noteFault(transport.id(), RouterFault.CLOSE, fault);
            }
            faulty.remove(transport);
        }
    }

    // --- datagrams ------------------------------------------------------------------------------------------------

    @Override
    public void onDatagram(ByteBuf datagram, SocketAddress source, long nowNanos) {
        this.nowNanos = nowNanos;
        PacketKind kind = PacketKind.of(datagram);
        if (kind == PacketKind.STUN) {
            onStun(datagram, source);
            return;
        }
        Transport transport = byAddress.get(source);
        if (transport == null) {
            statistics.count(RouterDrop.UNKNOWN_SOURCE);
            return;
        }
        if (isFaulty(transport)) {
            return; // The next drain closes the transport.
        }
        handled.setRelease(transport.id());
        try {
            switch (kind) {
                case RTP -> transport.onRtp(datagram, nowNanos);
                case RTCP -> transport.onRtcp(datagram, nowNanos);
                case DTLS -> transport.onDtls(datagram, source, nowNanos);
                default -> statistics.count(RouterDrop.UNKNOWN_KIND);
            }
        } catch (RuntimeException fault) {
            onFault(transport, RouterFault.PACKET, fault);
        }
    }

    private void onStun(ByteBuf datagram, SocketAddress source) {
        if (!stun.parse(datagram)) {
            statistics.count(RouterDrop.STUN_MALFORMED);
            return;
        }
        String ufrag = stun.localUfrag();
        Transport transport = ufrag == null ? null : byUfrag.get(ufrag);
        if (transport == null) {
            statistics.count(RouterDrop.STUN_UNKNOWN_UFRAG);
            return;
        }
        Transport holder = byAddress.get(source);
        if (holder != null && holder != transport && holder.holds(source, nowNanos)) {
            // Any client can send a check with its own ufrag and a forged source address. Such a check must not cut off
            // the client at that address, nor direct our answers and media to it.
            statistics.count(RouterDrop.STUN_ADDRESS_HELD);
            return;
        }
        if (isFaulty(transport)) {
            return; // The next drain closes the transport.
        }
        handled.setRelease(transport.id());
        try {
            transport.onStun(datagram, source, nowNanos);
            if (byAddress.get(source) != transport && transport.isValidated(source, nowNanos)) {
                // The address passes to the client of this check, because no other client holds it.
                byAddress.put(source, transport);
            }
        } catch (RuntimeException fault) {
            onFault(transport, RouterFault.PACKET, fault);
        }
    }

    @Override
    public boolean isValidated(SocketAddress source) {
        return byAddress.containsKey(source);
    }

    @Override
    public void onClosed(SocketAddress source, long nowNanos) {
        this.nowNanos = nowNanos;
        Transport transport = byAddress.get(source);
        if (transport == null || isFaulty(transport)) {
            return;
        }
        handled.setRelease(transport.id());
        try {
            transport.onClosed(source, nowNanos);
        } catch (RuntimeException fault) {
            onFault(transport, RouterFault.PACKET, fault);
        }
    }

    // --- other loops ----------------------------------------------------------------------------------------------

    @Override
    public void onRelayedPacket(RelayEnd to, int encoding, ByteBuf packet, long nowNanos) {
        this.nowNanos = nowNanos;
        if (to instanceof RelayedPublication publication) {
            try {
                publication.onPacket(encoding, packet, nowNanos);
            } catch (RuntimeException fault) {
                onRelayFault(publication, fault);
            }
        }
    }

    @Override
    public void onRelayMessage(RelayMessage message, boolean binary, @Nullable ByteBuf payload, long nowNanos) {
        this.nowNanos = nowNanos;
        if (message instanceof RelayMessage.Described described) {
            if (described.to() instanceof RelayedPublication publication) {
                try {
                    publication.onDescribed(described, nowNanos);
                } catch (RuntimeException fault) {
                    onRelayFault(publication, fault);
                }
            }
        } else if (message instanceof RelayMessage.SenderReported report) {
            if (report.to() instanceof RelayedPublication publication) {
                publication.onSenderReport(report, nowNanos);
            }
        } else if (message instanceof RelayMessage.TracksChanged changed) {
            RouterRoom room = rooms.get(changed.roomSid());
            if (room != null) {
                room.onStreamsChanged();
                stale.add(room);
            }
        } else if (message instanceof RelayMessage.Wish wish) {
            RouterRoom room = rooms.get(wish.roomSid());
            if (room != null) {
                room.onWish(wish);
            }
        } else if (message instanceof RelayMessage.KeyFrameNeeded needed) {
            RouterRoom room = rooms.get(needed.roomSid());
            if (room != null) {
                room.onKeyFrameNeeded(needed, nowNanos);
            }
        } else if (message instanceof RelayMessage.PacketMissing missing) {
            RouterRoom room = rooms.get(missing.roomSid());
            if (room != null) {
                room.onPacketMissing(missing, nowNanos);
            }
        } else if (message instanceof RelayMessage.DataMessage data && payload != null) {
            RouterRoom room = rooms.get(data.roomSid());
            if (room != null) {
                room.onDataMessage(data, payload, binary, nowNanos);
            }
        }
    }

    /** Ends the relay of a track after a defect of ours, until another transport carries the track. */
    private void onRelayFault(RelayedPublication publication, RuntimeException fault) {
        statistics.count(RouterFault.RELAY);
        LOG.atError()
                .addKeyValue("track", publication.trackSid())
                .addKeyValue("place", RouterFault.RELAY.metricName())
                .setCause(fault)
                .log("a fault ends the relay of a track between two loops");
        publication.fail(nowNanos);
    }

    // --- time and output ------------------------------------------------------------------------------------------

    @Override
    public void onTimeout(long nowNanos) {
        this.nowNanos = nowNanos;
        Transport due;
        while ((due = deadlines.pollDue(nowNanos)) != null) {
            handled.setRelease(due.id());
            try {
                due.onTimeout(nowNanos);
                closeIfAbandoned(due);
            } catch (RuntimeException fault) {
                onFault(due, RouterFault.TIMEOUT, fault);
            }
        }
        if (nowNanos >= reportsDueNanos) {
            reportsDueNanos = rooms.isEmpty() ? Deadline.NO_DEADLINE : nextReportNanos();
            for (RouterRoom room : rooms.values()) {
                room.report(nowNanos);
                if (room.onRelayTimeout(nowNanos)) {
                    stale.add(room);
                }
            }
        }
    }

    /** Returns the time of the next reports. All loops report at the same times, because a room may be on several. */
    private long nextReportNanos() {
        return links.loops() == 1
                ? nowNanos + RoomReport.INTERVAL_NANOS
                : Deadline.onGrid(nowNanos + 1, RoomReport.INTERVAL_NANOS);
    }

    /**
     * Closes a transport if the router has heard neither from its client nor from its room for a long time. In that
     * case the room has ended or moved, and the message about it was lost.
     */
    private void closeIfAbandoned(Transport transport) {
        RouterRoom room = rooms.get(transport.id().roomSid());
        if (room != null && nowNanos >= abandonedAtNanos(transport)) {
            close(room, transport, false);
        }
    }

    private long abandonedAtNanos(Transport transport) {
        long since = transport.idleSinceNanos();
        return since == Deadline.NO_DEADLINE ? Deadline.NO_DEADLINE : since + abandonedAfterNanos;
    }

    @Override
    public void drainTo(Transmitter transmitter) {
        transmitting = transmitter;
        try {
            departures.handOver();
            links.flush(); // The other loops work while this one forwards.
            departures.onInputEnd(nowNanos);
        } finally {
            transmitting = null;
        }
        // Draining a transport may create output for other transports. The loop repeats until no output is left.
        do {
            closeFaulty();
            RouterRoom room;
            while ((room = stale.poll()) != null) {
                room.relinkIfNeeded(nowNanos);
            }
            List<Transport> empty = draining;
            draining = touched;
            touched = empty;
            // An index needs no iterator object. This loop runs for every batch of packets.
            for (int i = 0; i < draining.size(); i++) {
                drain(draining.get(i), transmitter);
            }
            draining.clear();
        } while (!touched.isEmpty() || !stale.isEmpty() || !faulty.isEmpty());
        links.flush();
    }

    /** Forwards what waits for a transport. Within a drain it leaves at once. */
    private void forwardDue(Transport transport) {
        if (isFaulty(transport)) {
            transport.forgetDue();
            return;
        }
        handled.setRelease(transport.id());
        try {
            transport.forwardDue(transmitting != null, nowNanos);
        } catch (RuntimeException fault) {
            onFault(transport, RouterFault.FORWARD, fault);
        }
        Transmitter transmitter = transmitting;
        if (transmitter != null) {
            sendMedia(transport, transmitter);
        }
    }

    private void sendMedia(Transport transport, Transmitter transmitter) {
        try {
            transport.sendMediaTo(transmitter);
        } catch (RuntimeException fault) {
            onFault(transport, RouterFault.DRAIN, fault);
        }
    }

    private void drain(Transport transport, Transmitter transmitter) {
        try {
            transport.drainTo(transmitter);
            transport.drainLayerChanges(layers);
            if (transport.hasCollapsed()) {
                reportCollapse(transport);
            }
            deadlines.set(transport, Deadline.min(transport.nextDeadlineNanos(), abandonedAtNanos(transport)));
        } catch (RuntimeException fault) {
            onFault(transport, RouterFault.DRAIN, fault);
        }
    }

    private void reportCollapse(Transport transport) {
        RouterRoom room = rooms.get(transport.id().roomSid());
        if (room != null) {
            room.reportCollapse(transport, nowNanos);
        }
    }

    private void reportLayers(Transport transport, String clientTrackId, List<MediaEvent.Layer> flowing) {
        RouterRoom room = rooms.get(transport.id().roomSid());
        String trackSid = room == null ? null : room.trackSid(transport, clientTrackId);
        if (trackSid != null) {
            listener.onEvent(new MediaEvent.LayersChanged(transport.id(), trackSid, flowing));
        }
    }

    @Override
    public long nextDeadlineNanos() {
        return Deadline.min(deadlines.nextNanos(), reportsDueNanos, departures.nextDeadlineNanos());
    }

    @Override
    public void close() {
        for (Transport transport : transports.values()) {
            transport.close(false, nowNanos);
            transport.release();
        }
        // Transports that were closed since the last drain may still hold datagrams.
        touched.forEach(Transport::release);
        rooms.values().forEach(room -> room.relays().close());
        transports.clear();
        rooms.clear();
        byUfrag.clear();
        byAddress.clear();
        touched.clear();
        faulty.clear();
    }

    @Override
    public @Nullable Object handled() {
        return handled.getAcquire();
    }

    /** Returns the current counts. Called on the loop. */
    public RouterSnapshot snapshot() {
        int publications = 0;
        int subscriptions = 0;
        int firstHere = 0;
        for (RouterRoom room : rooms.values()) {
            firstHere += room.relays().isFirstLoop() ? 1 : 0;
            publications += room.publicationCount();
            subscriptions += room.subscriptionCount();
        }
        Map<String, Long> drops = new HashMap<>();
        statistics.addTo(drops, transports.values());
        environment.drops().addTo(drops);
        return new RouterSnapshot(
                firstHere,
                transports.size(),
                publications,
                subscriptions,
                statistics.forwardedPackets(transports.values()),
                statistics.relayedPackets(),
                statistics.keyFrameRequests(transports.values()),
                statistics.retransmissions(transports.values()),
                drops,
                statistics.faults(),
                environment.quality().snapshot(),
                environment
                        .quality()
                        .downlinks(
                                transports.values().stream()
                                        .mapToLong(transport -> transport.sentBps(nowNanos))
                                        .sum(),
                                transports.values().stream()
                                        .mapToLong(Transport::desiredBps)
                                        .sum(),
                                statistics.overuses(transports.values()),
                                statistics.probes(transports.values())));
    }

    /** Describes a room of this loop. The result is empty if the room has no transport here. Called on the loop. */
    public Optional<RouterRoomView> describeRoom(String roomSid, long nowNanos) {
        RouterRoom room = rooms.get(roomSid);
        return room == null ? Optional.empty() : Optional.of(RoomDescriber.describe(roomSid, room, nowNanos));
    }

    private final class Owner implements TransportOwner {
        @Override
        public void onEvent(MediaEvent event) {
            listener.onEvent(event);
        }

        @Override
        public void ufragAdded(Transport transport, String ufrag) {
            byUfrag.put(ufrag, transport);
        }

        @Override
        public void ufragRetired(String ufrag) {
            byUfrag.remove(ufrag);
        }

        @Override
        public void addressValidated(Transport transport, SocketAddress remote) {
            byAddress.put(remote, transport);
        }

        @Override
        public void addressExpired(Transport transport, SocketAddress remote) {
            byAddress.remove(remote, transport);
        }

        @Override
        public void streamsChanged(Transport transport) {
            RouterRoom room = roomOf(transport);
            if (room != null) {
                room.onStreamsChanged();
                stale.add(room);
            }
        }

        @Override
        public boolean clientMessage(Transport transport, String label, ByteBuf payload, boolean binary) {
            RouterRoom room = roomOf(transport);
            return room != null && room.onMessage(transport, label, payload, binary, nowNanos);
        }

        @Override
        public void touched(Transport transport) {
            touched.add(transport);
        }

        private @Nullable RouterRoom roomOf(Transport transport) {
            return rooms.get(transport.id().roomSid());
        }
    }
}
