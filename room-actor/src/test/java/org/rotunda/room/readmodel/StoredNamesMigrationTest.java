package org.rotunda.room.readmodel;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;

/**
 * Tests the migration of stored rows that name Java classes. Before version 4 of the schema, all rows were stored in
 * this way. The migration replaces each class name by its name in {@code StoredTypes}. The golden files of {@code
 * StoredGoldenTest} prove that the bytes can be read under the new names.
 */
class StoredNamesMigrationTest {
    private static final int JACKSON_CBOR = 33;
    private static final int OURS = 8_202;
    private static final Path GOLDEN = Path.of("src/test/resources/golden/stored");
    private static final Map<String, String> EVENTS = Map.ofEntries(
            Map.entry("RoomCreated", "room-created"),
            Map.entry("RoomHosted", "room-hosted"),
            Map.entry("ParticipantConnected", "participant-connected"),
            Map.entry("TrackPublished", "track-published"),
            Map.entry("TrackRefused", "track-refused"),
            Map.entry("TrackChanged", "track-changed"),
            Map.entry("TrackUnpublished", "track-unpublished"),
            Map.entry("ParticipantRevised", "participant-revised"),
            Map.entry("SessionSuspended", "session-suspended"),
            Map.entry("SessionResumed", "session-resumed"),
            Map.entry("ParticipantMoved", "participant-moved"),
            Map.entry("ParticipantDisconnected", "participant-disconnected"),
            Map.entry("RoomCompleted", "room-completed"));
    private static final Map<String, String> SNAPSHOTS =
            Map.of("RoomState$Empty", "room-empty", "OpenRoom", "room-open", "RoomState$Completed", "room-over");
    private static final Map<String, String> STATES =
            Map.of("RoomName$Free", "name-free", "RoomName$Held", "name-held");

    /** Returns the settings of an empty database. */
    Map<String, Object> emptyDatabase() {
        return Map.of(
                "rotunda.db.url", "jdbc:h2:mem:stored-names-" + System.identityHashCode(this) + ";DB_CLOSE_DELAY=-1");
    }

    @Test
    void rowsThatNameJavaClassesGetOurNames() throws SQLException, IOException {
        Config db = RoomConfig.complete(ConfigFactory.parseMap(emptyDatabase())).getConfig("rotunda.db");
        migrateToVersionThree(db);
        try (Connection connection = connect(db)) {
            for (Map.Entry<String, String> event : EVENTS.entrySet()) {
                insertEvent(connection, "org.rotunda.room.RoomEvent$" + event.getKey(), golden(event.getValue()));
            }
            for (Map.Entry<String, String> snapshot : SNAPSHOTS.entrySet()) {
                insertSnapshot(connection, "org.rotunda.room." + snapshot.getKey(), golden(snapshot.getValue()));
            }
            for (Map.Entry<String, String> state : STATES.entrySet()) {
                insertState(connection, "org.rotunda.room." + state.getKey(), golden(state.getValue()));
            }
            insertRowOfAnotherLibrary(connection);
        }

        try (Database database = Database.open(db);
                Connection connection = database.dataSource().getConnection()) {
            assertThat(manifests(connection, "event_journal", "event_ser_id", "event_ser_manifest", OURS))
                    .isEqualTo(new TreeSet<>(EVENTS.values()));
            assertThat(manifests(connection, "snapshot", "snapshot_ser_id", "snapshot_ser_manifest", OURS))
                    .isEqualTo(new TreeSet<>(SNAPSHOTS.values()));
            assertThat(manifests(connection, "durable_state", "state_serial_id", "state_serial_manifest", OURS))
                    .isEqualTo(new TreeSet<>(STATES.values()));
            assertThat(manifests(connection, "event_journal", "event_ser_id", "event_ser_manifest", JACKSON_CBOR))
                    .containsExactly("somebody.elses.Event");
        }
    }

    private static void migrateToVersionThree(Config db) {
        Flyway.configure()
                .dataSource(DatabaseConfig.baseUrl(db), db.getString("user"), db.getString("password"))
                .locations("classpath:db/migration/" + DatabaseConfig.vendor(db))
                .target("3")
                .load()
                .migrate();
    }

    private static Connection connect(Config db) throws SQLException {
        return DriverManager.getConnection(DatabaseConfig.baseUrl(db), db.getString("user"), db.getString("password"));
    }

    private static byte[] golden(String name) throws IOException {
        return Files.readAllBytes(GOLDEN.resolve(name + ".1.cbor"));
    }

    private static void insertEvent(Connection connection, String manifest, byte[] payload) throws SQLException {
        insert(connection, """
                INSERT INTO "event_journal" ("persistence_id", "sequence_number", "writer", "write_timestamp",
                    "adapter_manifest", "event_ser_id", "event_ser_manifest", "event_payload")
                VALUES (?, 1, 'w', 0, '', 33, ?, ?)""", manifest, payload);
    }

    private static void insertSnapshot(Connection connection, String manifest, byte[] payload) throws SQLException {
        insert(connection, """
                INSERT INTO "snapshot" ("persistence_id", "sequence_number", "created", "snapshot_ser_id",
                    "snapshot_ser_manifest", "snapshot_payload") VALUES (?, 1, 0, 33, ?, ?)""", manifest, payload);
    }

    private static void insertState(Connection connection, String manifest, byte[] payload) throws SQLException {
        insert(connection, """
                INSERT INTO "durable_state" ("persistence_id", "revision", "state_serial_id", "state_timestamp",
                    "state_serial_manifest", "state_payload") VALUES (?, 1, 33, 0, ?, ?)""", manifest, payload);
    }

    /** Inserts a row that another library has stored with Pekko's serializer. */
    private static void insertRowOfAnotherLibrary(Connection connection) throws SQLException {
        insertEvent(connection, "somebody.elses.Event", new byte[] {1});
    }

    private static void insert(Connection connection, String sql, String manifest, byte[] payload) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(sql)) {
            insert.setString(1, manifest);
            insert.setString(2, manifest);
            insert.setBytes(3, payload);
            insert.executeUpdate();
        }
    }

    private static Set<String> manifests(
            Connection connection, String table, String id, String manifest, int serializer) throws SQLException {
        Set<String> found = new TreeSet<>();
        try (PreparedStatement select = connection.prepareStatement(
                "SELECT \"" + manifest + "\" FROM \"" + table + "\" WHERE \"" + id + "\" = ?")) {
            select.setInt(1, serializer);
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    found.add(rows.getString(1));
                }
            }
        }
        return found;
    }
}
