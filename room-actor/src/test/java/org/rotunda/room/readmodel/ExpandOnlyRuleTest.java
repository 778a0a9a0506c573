package org.rotunda.room.readmodel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExpandOnlyRuleTest {
    private static final List<String> TABLES = List.of("room");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "DROP TABLE room;",
                "ALTER TABLE room DROP COLUMN name;",
                "ALTER TABLE room\n  RENAME COLUMN name TO label;",
                "ALTER TABLE room RENAME TO rooms;",
                "ALTER TABLE room ALTER COLUMN name SET NOT NULL;",
                "ALTER TABLE room ALTER COLUMN name TYPE VARCHAR(10);",
                "alter table room alter name set data type smallint;",
                "ALTER TABLE room ADD COLUMN size INTEGER NOT NULL;",
                "ALTER TABLE room ADD size INTEGER NOT NULL;",
                "ALTER TABLE room ADD CONSTRAINT small CHECK (size < 10);",
                "CREATE UNIQUE INDEX names ON room (name);",
                "SELECT 1; /* two */ DELETE FROM room WHERE 1 = 1;",
                "TRUNCATE TABLE room;"
            })
    void whatThePreviousVersionCannotBearIsFound(String migration) {
        assertThat(ExpandOnly.faults(migration, TABLES)).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ALTER TABLE room ADD COLUMN size INTEGER;",
                "ALTER TABLE room ADD COLUMN size INTEGER DEFAULT 0 NOT NULL; -- not null, drop",
                "ALTER TABLE room ADD COLUMN size INTEGER NOT NULL DEFAULT 0;",
                "CREATE TABLE recording (id INTEGER PRIMARY KEY, name VARCHAR(10) NOT NULL UNIQUE);",
                "CREATE UNIQUE INDEX ids ON recording (id);",
                "CREATE INDEX names ON room (name);",
                "DROP INDEX names;",
                "UPDATE room SET size = 0;"
            })
    void whatOnlyExpandsIsAllowed(String migration) {
        assertThat(ExpandOnly.faults(migration, TABLES)).isEmpty();
    }
}
