package org.rotunda.room.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.rotunda.media.control.DataMessage;
import org.rotunda.media.control.Description;
import org.rotunda.media.control.DesiredTransport;
import org.rotunda.media.control.MediaCommand;
import org.rotunda.media.control.MediaEvent;
import org.rotunda.media.control.MediaListener;
import org.rotunda.media.control.MediaRouter;
import org.rotunda.media.control.MediaStatistics;
import org.rotunda.media.control.RoomReport;
import org.rotunda.media.control.RouterRoomView;
import org.rotunda.media.control.TransportId;

/**
 * A router without media. It answers every offer, acknowledges every desired state, sends a report for each command
 * that asks for one, and keeps all commands for the test. Usable from any thread.
 */
public final class FakeMediaRouter implements MediaRouter {
    /** The SDP of every answer. */
    public static final String ANSWER_SDP = "v=0\r\no=fake\r\n";

    private final MediaListener listener;
    private final List<MediaCommand> commands = new CopyOnWriteArrayList<>();
    private final Map<TransportId, Told> open = new ConcurrentHashMap<>();
    private volatile boolean closed;

    public FakeMediaRouter(MediaListener listener) {
        this.listener = listener;
    }

    @Override
    public void submit(MediaCommand command) {
        commands.add(command);
        Told told = open.get(command.transport());
        if (command instanceof MediaCommand.OpenTransport opened && told == null) {
            open.put(opened.transport(), new Told());
            if (opened.requestOffer()) {
                happens(new MediaEvent.LocalDescription(
                        opened.transport(), new Description(Description.Type.CREATE_OFFER, 1, "")));
            }
        } else if (told == null) {
            listener.onEvent(new MediaEvent.CommandRefused(
                    command.transport(), command.epoch(), MediaEvent.Refusal.UNKNOWN_TRANSPORT));
        } else if (command instanceof MediaCommand.OpenTransport || command instanceof MediaCommand.ReportTransport) {
            told.report(command.transport()).forEach(listener::onEvent);
        } else if (command instanceof DesiredTransport desired) {
            listener.onEvent(new MediaEvent.DesiredApplied(desired.transport(), desired.epoch(), desired.version()));
        } else if (command instanceof MediaCommand.RemoteDescription remote
                && remote.description().type() == Description.Type.OFFER) {
            Description answer = new Description(
                    Description.Type.ANSWER, remote.description().revision(), ANSWER_SDP);
            happens(new MediaEvent.LocalDescription(remote.transport(), answer));
        } else if (command instanceof MediaCommand.CloseTransport close) {
            open.remove(close.transport());
            if (!close.notifyPeer()) {
                listener.onEvent(new MediaEvent.Unacknowledged(close.transport(), told.undelivered));
            }
            listener.onEvent(new MediaEvent.StateChanged(close.transport(), MediaEvent.State.CLOSED));
        }
    }

    /** Returns all commands so far, oldest first. */
    public List<MediaCommand> commands() {
        return List.copyOf(commands);
    }

    /** Returns all commands of one kind so far, oldest first. */
    public <T extends MediaCommand> List<T> commands(Class<T> kind) {
        return commands.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    /** Sends an event to the listener, as if it had happened on the router. */
    public void happens(MediaEvent event) {
        Told told = open.get(event.transport());
        if (told != null) {
            told.remember(event);
        }
        listener.onEvent(event);
    }

    /** Sends a report to the listener, as if the router had measured it. */
    public void measures(RoomReport report) {
        listener.onReport(report);
    }

    /** Returns the transports that are open. */
    public Set<TransportId> open() {
        return Set.copyOf(open.keySet());
    }

    /** Adds a message that the client of an open transport never acknowledges. */
    public void cannotDeliver(TransportId transport, DataMessage message) {
        Objects.requireNonNull(open.get(transport)).undelivered.add(message);
    }

    public boolean isClosed() {
        return closed;
    }

    @Override
    public MediaStatistics statistics() {
        return MediaStatistics.NONE;
    }

    @Override
    public CompletionStage<Optional<RouterRoomView>> describeRoom(String roomSid) {
        return CompletableFuture.completedFuture(Optional.empty());
    }

    @Override
    public boolean allLoopsTurned() {
        return true;
    }

    @Override
    public void close() {
        closed = true;
    }

    /** The events that a report about one transport repeats, and the transport's undelivered messages. */
    private static final class Told {
        private final List<DataMessage> undelivered = new CopyOnWriteArrayList<>();
        private MediaEvent.@Nullable HandoverChanged handover;
        private MediaEvent.@Nullable LocalDescription description;
        private MediaEvent.@Nullable StateChanged state;

        synchronized void remember(MediaEvent event) {
            if (event instanceof MediaEvent.HandoverChanged changed) {
                handover = changed;
            } else if (event instanceof MediaEvent.LocalDescription local) {
                description = local;
            } else if (event instanceof MediaEvent.StateChanged changed) {
                state = changed;
            }
        }

        synchronized List<MediaEvent> report(TransportId transport) {
            List<MediaEvent> report = new ArrayList<>();
            if (handover != null) {
                report.add(handover);
            }
            if (description != null) {
                report.add(description);
            }
            report.add(new MediaEvent.StateChanged(
                    transport, state == null ? MediaEvent.State.CONNECTING : state.state(), true));
            return report;
        }
    }
}
