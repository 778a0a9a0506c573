package org.rotunda.room.readmodel;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.cluster.Member;
import org.apache.pekko.cluster.sharding.typed.ShardedDaemonProcessSettings;
import org.apache.pekko.cluster.sharding.typed.javadsl.ShardedDaemonProcess;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.projection.ProjectionBehavior;
import org.apache.pekko.projection.ProjectionId;
import org.apache.pekko.projection.eventsourced.EventEnvelope;
import org.apache.pekko.projection.jdbc.javadsl.JdbcHandler;
import org.apache.pekko.projection.jdbc.javadsl.JdbcProjection;
import org.rotunda.room.name.RoomNames;
import org.rotunda.room.protocol.ParticipantStatus;
import org.rotunda.room.protocol.RoomSid;
import org.rotunda.room.protocol.RoomStatus;
import org.rotunda.room.protocol.RoomView;
import org.rotunda.room.state.RoomEvent;
import org.rotunda.room.state.RoomEvent.ParticipantAnonymized;
import org.rotunda.room.state.RoomEvent.ParticipantConnected;
import org.rotunda.room.state.RoomEvent.ParticipantDisconnected;
import org.rotunda.room.state.RoomEvent.RoomCompleted;
import org.rotunda.room.state.RoomEvent.RoomCreated;
import org.rotunda.room.state.RoomEvent.SessionResumed;
import org.rotunda.room.state.RoomEvent.SessionSuspended;

/**
 * Follows the journal and updates the tables. It writes the rows of participants, and repairs the rows that rooms could
 * not write themselves. It also fills the queues of status callbacks. The rows of an event and the position in the
 * journal are written in one transaction. Runs on the projection's blocking dispatcher.
 */
public final class RoomProjection extends JdbcHandler<List<EventEnvelope<RoomEvent>>, TableSession> {
    /** The name of the projections, under which they store how far they have read. */
    static final String NAME = "room-tables";

    private final Clock clock;
    private final RoomNames names;

    private RoomProjection(Clock clock, RoomNames names) {
        this.clock = clock;
        this.names = names;
    }

    /**
     * Starts one projection for each tag, spread over the nodes with the role.
     *
     * @param names releases the name of each completed room a second time, in case the release by the room itself was
     *     lost
     * @param wakeUps hears of each event that a room of this node has written
     * @param tags the number of tags; if it changed, events would be skipped
     * @param role the role of the nodes that run projections
     */
    public static void start(
            ActorSystem<?> system,
            DataSource dataSource,
            Clock clock,
            RoomNames names,
            JournalWakeUps wakeUps,
            int tags,
            String tagPrefix,
            String role) {
        Supplier<TableSession> sessions = () -> new TableSession(dataSource);
        Duration interval = Duration.ofNanos(JournalWakeUps.SHARED_NANOS);
        system.scheduler()
                .scheduleWithFixedDelay(
                        interval,
                        interval,
                        () -> wakeUps.onTimeout(isAlone(system, role), System.nanoTime()),
                        system.executionContext());
        ShardedDaemonProcess.get(system)
                .init(
                        ProjectionBehavior.Command.class,
                        NAME,
                        tags,
                        tag -> follower(
                                system,
                                sessions,
                                () -> new RoomProjection(clock, names),
                                new WokenEvents(system, wakeUps, tagPrefix + tag),
                                tagPrefix + tag),
                        ShardedDaemonProcessSettings.create(system).withRole(role),
                        Optional.of(ProjectionBehavior.stopMessage()));
    }

    private static Behavior<ProjectionBehavior.Command> follower(
            ActorSystem<?> system,
            Supplier<TableSession> sessions,
            Supplier<RoomProjection> projection,
            WokenEvents events,
            String tag) {
        return ProjectionBehavior.create(
                JdbcProjection.exactlyOnce(ProjectionId.of(NAME, tag), events, sessions, projection::get, system));
    }

    private static boolean isAlone(ActorSystem<?> system, String role) {
        int nodes = 0;
        for (Member member : Cluster.get(system).state().getMembers()) {
            nodes += member.hasRole(role) ? 1 : 0;
        }
        return nodes <= 1;
    }

    @Override
    public void process(TableSession session, List<EventEnvelope<RoomEvent>> group) throws SQLException {
        for (EventEnvelope<RoomEvent> envelope : group) {
            process(session, envelope);
        }
    }

    private void process(TableSession session, EventEnvelope<RoomEvent> envelope) throws SQLException {
        String persistenceId = envelope.persistenceId();
        RoomSid room = new RoomSid(persistenceId.substring(persistenceId.indexOf('|') + 1));
        write(session.connection(), room, envelope.event(), envelope.sequenceNr(), clock.instant());
        if (envelope.event() instanceof RoomCompleted) {
            Optional<RoomView> over = RoomRows.find(session.connection(), room);
            over.ifPresent(view -> names.release(view.account(), view.uniqueName(), room));
        }
    }

    static void write(Connection connection, RoomSid room, RoomEvent event, long eventNumber, Instant now)
            throws SQLException {
        // First, because the end of a room makes callbacks for the participants that the table still shows as present.
        CallbackWriter.write(connection, room, event, eventNumber, now);
        if (event instanceof RoomCreated created) {
            RoomRows.upsert(connection, viewOf(created), eventNumber);
        } else if (event instanceof RoomCompleted completed) {
            RoomRows.complete(connection, room, completed.at(), eventNumber);
            RoomRows.projected(connection, room, now);
        } else if (event instanceof ParticipantConnected connected) {
            RoomRows.insert(connection, room, connected.participant(), connected.identity(), connected.at());
        } else if (event instanceof SessionSuspended suspended) {
            RoomRows.update(connection, suspended.participant(), ParticipantStatus.RECONNECTING, suspended.at(), null);
        } else if (event instanceof SessionResumed resumed) {
            RoomRows.update(connection, resumed.participant(), ParticipantStatus.CONNECTED, resumed.at(), null);
        } else if (event instanceof ParticipantDisconnected gone) {
            RoomRows.update(connection, gone.participant(), ParticipantStatus.DISCONNECTED, gone.at(), gone.at());
        } else if (event instanceof ParticipantAnonymized anonymized) {
            RoomRows.anonymize(connection, anonymized.participant(), anonymized.at());
        }
        // The other events change nothing in the tables.
    }

    private static RoomView viewOf(RoomCreated created) {
        return new RoomView(
                created.sid(),
                created.account(),
                created.uniqueName(),
                RoomStatus.IN_PROGRESS,
                created.properties(),
                created.at(),
                created.at(),
                null);
    }
}
