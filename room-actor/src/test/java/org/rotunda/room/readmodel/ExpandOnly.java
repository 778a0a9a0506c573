package org.rotunda.room.readmodel;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds the statements of a migration that nodes of the previous version cannot bear: that take something away, or that
 * demand what those nodes do not give. What such a statement does must come one release later. Pure.
 */
final class ExpandOnly {
    private static final Map<Pattern, String> FORBIDDEN = Map.of(
            Pattern.compile("^drop (?!index)"), "drops what the previous version may use",
            Pattern.compile("^alter table .* drop "), "drops what the previous version may use",
            Pattern.compile("^alter (table|index) .* rename "), "renames what the previous version may use",
            Pattern.compile("^alter table .* alter (column )?.* (set not null|not null)"), "demands a value",
            Pattern.compile("^alter table .* alter (column )?\\S+ (type|set data type) "), "changes a type",
            Pattern.compile("^alter table .* add (constraint|unique|check|foreign|primary) "), "adds a constraint",
            Pattern.compile("^(truncate|delete) "), "deletes rows");

    private static final Pattern ADDED_COLUMN = Pattern.compile("^alter table .* add (column )?(if not exists )?.*");
    private static final Pattern UNIQUE_INDEX = Pattern.compile("^create unique index .* on (\\S+?) ?\\(.*");

    private ExpandOnly() {}

    /**
     * Returns a line for each statement that is forbidden.
     *
     * @param tables the tables that the previous version uses
     */
    static List<String> faults(String migration, Collection<String> tables) {
        List<String> faults = new ArrayList<>();
        statements(migration).forEach(statement -> {
            FORBIDDEN.forEach((pattern, why) -> {
                if (pattern.matcher(statement).find()) {
                    faults.add(why + ": " + statement);
                }
            });
            if (ADDED_COLUMN.matcher(statement).matches()
                    && statement.contains(" not null")
                    && !statement.contains(" default ")) {
                faults.add("adds a column that the previous version does not fill: " + statement);
            }
            Matcher index = UNIQUE_INDEX.matcher(statement);
            if (index.matches() && tables.contains(index.group(1))) {
                faults.add("refuses rows that the previous version may write: " + statement);
            }
        });
        return faults;
    }

    /** Returns the statements in lower case, without comments, with one space between words. */
    private static List<String> statements(String migration) {
        String bare = migration.replaceAll("--[^\n]*", " ").replaceAll("(?s)/\\*.*?\\*/", " ");
        return Arrays.stream(bare.split(";", -1))
                .map(statement -> statement.trim().replaceAll("\\s+", " ").toLowerCase(Locale.ROOT))
                .filter(statement -> !statement.isEmpty())
                .toList();
    }
}
