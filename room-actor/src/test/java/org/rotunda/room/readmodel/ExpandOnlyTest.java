package org.rotunda.room.readmodel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Checks that the statements of the previous version still work on the schema of this one, because nodes of both run
 * while a cluster is upgraded. The golden file {@code golden/schema/VENDOR.txt} has every column and every constraint of
 * the last release, with the version of its schema. When a release is tagged, a run with
 * {@code -Drotunda.golden.write=true} writes the file anew.
 */
class ExpandOnlyTest {
    private static final Path GOLDEN = Path.of("src/test/resources/golden/schema");
    private static final String VERSION = "schema ";
    private static final String LOCATION = "src/main/resources/db/migration/";

    private static final String COLUMNS = "SELECT table_name, column_name, data_type, is_nullable, column_default,"
            + " COALESCE(character_maximum_length, 0), is_identity FROM information_schema.columns WHERE table_schema = ?";
    private static final String CONSTRAINTS = "SELECT table_name, constraint_type, COUNT(*)"
            + " FROM information_schema.table_constraints WHERE table_schema = ?"
            // PostgreSQL lists NOT NULL as a CHECK with such a name.
            + " AND constraint_name NOT LIKE '%\\_not\\_null' ESCAPE '\\' GROUP BY table_name, constraint_type";

    /** Returns the settings of an empty database. */
    Map<String, Object> emptyDatabase() {
        return Map.of("rotunda.db.url", "jdbc:h2:mem:expand-" + System.identityHashCode(this) + ";DB_CLOSE_DELAY=-1");
    }

    private Config db() {
        return RoomConfig.complete(ConfigFactory.parseMap(emptyDatabase())).getConfig("rotunda.db");
    }

    /** A column: the values of the golden file. */
    private record Column(String type, boolean nullable, boolean optional, int length) {
        /** Returns whether every statement that works with an old column works with this one. */
        boolean contains(Column old) {
            return type.equals(old.type)
                    && (nullable || !old.nullable)
                    && (optional || !old.optional)
                    && (length == old.length || (old.length > 0 && length >= old.length));
        }

        String line() {
            return type + " " + (nullable ? "null" : "not-null") + " " + (optional ? "optional" : "required") + " "
                    + length;
        }
    }

    @Test
    void statementsOfTheLastReleaseWorkOnThisSchema() throws SQLException, IOException {
        Config db = db();
        Database.open(db).close();
        Map<String, Column> columns;
        Map<String, String> constraints;
        try (Connection connection = connect(db)) {
            columns = columns(connection);
            constraints = constraints(connection);
        }
        writeIfAsked(db, columns, constraints);
        Golden golden = golden(db);

        golden.columns()
                .forEach((name, old) -> assertThat(columns)
                        .as("the previous version uses " + name + "; a column is removed one release later")
                        .hasEntrySatisfying(
                                name,
                                now -> assertThat(now.contains(old))
                                        .as("%s was '%s' and is '%s'", name, old.line(), now.line())
                                        .isTrue()));
        List<String> tables = golden.columns().keySet().stream()
                .map(ExpandOnlyTest::table)
                .distinct()
                .toList();
        columns.forEach((name, now) -> {
            if (tables.contains(table(name)) && !golden.columns().containsKey(name)) {
                assertThat(now.optional())
                        .as("the previous version inserts rows without %s: it needs a default, or be nullable", name)
                        .isTrue();
            }
        });
        Map<String, String> ofOldTables = new TreeMap<>(constraints);
        ofOldTables.keySet().removeIf(name -> !tables.contains(table(name)));
        assertThat(ofOldTables)
                .as("the previous version does not keep new constraints of its tables")
                .isEqualTo(golden.constraints());
    }

    @Test
    void migrationsSinceTheLastReleaseOnlyExpand() throws IOException {
        Config db = db();
        Golden golden = golden(db);
        List<String> tables = golden.columns().keySet().stream()
                .map(ExpandOnlyTest::table)
                .distinct()
                .toList();
        try (Stream<Path> files = Files.list(Path.of(LOCATION + DatabaseConfig.vendor(db)))) {
            for (Path file : files.toList()) {
                int version = Integer.parseInt(
                        Objects.requireNonNull(file.getFileName()).toString().replaceFirst("^V(\\d+)__.*", "$1"));
                if (version > golden.version()) {
                    assertThat(ExpandOnly.faults(Files.readString(file), tables))
                            .as(file.toString())
                            .isEmpty();
                }
            }
        }
    }

    @Test
    void aNodeThatIsRefusedChangesNothing() throws SQLException {
        Config db = db();
        flyway(db).target("12").load().migrate();
        List<ClaimedVersions> seen = new ArrayList<>();
        SchemaGate refusing = new SchemaGate() {
            @Override
            public void check(ClaimedVersions claimed) {
                seen.add(claimed);
                throw new IllegalArgumentException("refused");
            }

            @Override
            public OptionalInt version() {
                return OptionalInt.of(7);
            }
        };

        assertThatThrownBy(() -> Database.open(db, refusing)).hasMessage("refused");

        assertThat(seen).containsExactly(ClaimedVersions.NONE);
        assertThat(current(db)).isEqualTo(12);
        try (Database opened = Database.open(db, noted(7));
                Connection connection = opened.dataSource().getConnection()) {
            assertThat(ClaimedVersions.read(connection).newest()).hasValue(7);
        }
    }

    @Test
    void aNodeOfThePreviousVersionStartsOnNewerTables(@TempDir Path later) throws SQLException, IOException {
        Config db = db();
        Files.writeString(later.resolve("V9999__later.sql"), "CREATE TABLE later (id INTEGER PRIMARY KEY)");
        flyway(db)
                .locations("classpath:db/migration/" + DatabaseConfig.vendor(db), "filesystem:" + later)
                .load()
                .migrate();

        Database.open(db).close();

        assertThat(current(db)).isEqualTo(9_999);
    }

    private static SchemaGate noted(int version) {
        return new SchemaGate() {
            @Override
            public void check(ClaimedVersions claimed) {}

            @Override
            public OptionalInt version() {
                return OptionalInt.of(version);
            }
        };
    }

    private static FluentConfiguration flyway(Config db) {
        return Flyway.configure()
                .dataSource(DatabaseConfig.baseUrl(db), db.getString("user"), db.getString("password"))
                .locations("classpath:db/migration/" + DatabaseConfig.vendor(db));
    }

    private static int current(Config db) {
        MigrationInfo current = Objects.requireNonNull(flyway(db).load().info().current());
        return Integer.parseInt(Objects.requireNonNull(current.getVersion()).getVersion());
    }

    private static Connection connect(Config db) throws SQLException {
        return DriverManager.getConnection(DatabaseConfig.baseUrl(db), db.getString("user"), db.getString("password"));
    }

    private static String table(String name) {
        return name.substring(0, name.indexOf('.'));
    }

    // --- the schema -------------------------------------------------------------------------------------------------

    private static Map<String, Column> columns(Connection connection) throws SQLException {
        Map<String, Column> columns = new TreeMap<>();
        each(connection, COLUMNS, row -> {
            boolean nullable = row.getString(4).equals("YES");
            boolean hasValue = row.getString(5) != null || "YES".equals(row.getString(7));
            columns.put(
                    lower(row.getString(1)) + "." + lower(row.getString(2)),
                    new Column(
                            lower(row.getString(3)).replace(' ', '_'),
                            nullable,
                            nullable || hasValue,
                            // The largest type without a bound has the length 0.
                            (int) Math.min(Integer.MAX_VALUE, row.getLong(6))));
        });
        return columns;
    }

    private static Map<String, String> constraints(Connection connection) throws SQLException {
        Map<String, String> constraints = new TreeMap<>();
        each(
                connection,
                CONSTRAINTS,
                row -> constraints.put(
                        lower(row.getString(1)) + "." + lower(row.getString(2)).replace(' ', '_'), row.getString(3)));
        return constraints;
    }

    @FunctionalInterface
    private interface Rows {
        void on(ResultSet row) throws SQLException;
    }

    private static void each(Connection connection, String sql, Rows rows) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, connection.getSchema());
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    if (!lower(row.getString(1)).equals("flyway_schema_history")) {
                        rows.on(row);
                    }
                }
            }
        }
    }

    private static String lower(String name) {
        return name.toLowerCase(Locale.ROOT);
    }

    // --- the golden file --------------------------------------------------------------------------------------------

    private record Golden(int version, Map<String, Column> columns, Map<String, String> constraints) {}

    private static Path file(Config db) {
        return GOLDEN.resolve(DatabaseConfig.vendor(db) + ".txt");
    }

    private static Golden golden(Config db) throws IOException {
        List<String> lines = Files.readAllLines(file(db));
        Map<String, List<String>> byKind = lines.stream()
                .skip(1)
                .collect(Collectors.groupingBy(line -> line.substring(0, line.indexOf(' ')), Collectors.toList()));
        return new Golden(
                Integer.parseInt(lines.get(0).substring(VERSION.length())),
                parsed(
                        byKind.getOrDefault("column", List.of()),
                        words -> new Column(
                                words[2],
                                words[3].equals("null"),
                                words[4].equals("optional"),
                                Integer.parseInt(words[5]))),
                parsed(byKind.getOrDefault("constraint", List.of()), words -> words[2]));
    }

    private static <T> Map<String, T> parsed(List<String> lines, Function<String[], T> value) {
        Map<String, T> parsed = new TreeMap<>();
        lines.forEach(line -> {
            String[] words = line.split(" ", -1);
            parsed.put(words[1], value.apply(words));
        });
        return parsed;
    }

    private static void writeIfAsked(Config db, Map<String, Column> columns, Map<String, String> constraints)
            throws IOException {
        if (!Boolean.getBoolean("rotunda.golden.write")) {
            return;
        }
        List<String> lines = new ArrayList<>(List.of(VERSION + current(db)));
        columns.forEach((name, column) -> lines.add("column " + name + " " + column.line()));
        constraints.forEach((name, count) -> lines.add("constraint " + name + " " + count));
        Files.createDirectories(GOLDEN);
        Files.writeString(file(db), String.join("\n", lines) + "\n");
    }
}
