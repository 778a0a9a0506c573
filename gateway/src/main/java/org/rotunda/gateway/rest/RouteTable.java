package org.rotunda.gateway.rest;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The routes of the REST API. Each row has the pattern of a path and the operations of a resource. Immutable. */
final class RouteTable {
    private static final String ANYTHING = "**";

    private final List<Row> rows;

    RouteTable(Row... rows) {
        this(List.of(rows));
    }

    private RouteTable(List<Row> rows) {
        this.rows = rows;
    }

    /** Returns a table that tries these rows before its own. */
    RouteTable precededBy(List<Row> first) {
        return new RouteTable(Stream.concat(first.stream(), rows.stream()).toList());
    }

    @FunctionalInterface
    interface Operation {
        CompletionStage<ApiAnswer> answer(ApiRequest request);
    }

    /** Returns all rows, in the order in which they are tried. */
    List<Row> rows() {
        return rows;
    }

    /**
     * One row of the table.
     *
     * @param pattern the pattern of a path, with variables in braces, such as {@code {room}} or {@code {key}.json};
     *     {@code **} at the end matches any further segments
     * @param segments the segments of the pattern
     * @param get the operation that reads the resource; null if there is no such operation
     * @param post the operation that changes the resource or adds to it; null if there is no such operation
     * @param delete the operation that deletes the resource; null if there is no such operation
     * @param isAvailable false for a resource of the public API that this version does not have
     * @param needsAuthToken true if API keys do not open the resource
     */
    record Row(
            String pattern,
            List<String> segments,
            @Nullable Operation get,
            @Nullable Operation post,
            @Nullable Operation delete,
            boolean isAvailable,
            boolean needsAuthToken) {

        static Row of(String pattern, @Nullable Operation get, @Nullable Operation post) {
            return of(pattern, get, post, null);
        }

        static Row of(String pattern, @Nullable Operation get, @Nullable Operation post, @Nullable Operation delete) {
            return new Row(pattern, segmentsOf(pattern), get, post, delete, true, false);
        }

        static Row absent(String pattern) {
            return new Row(pattern, segmentsOf(pattern), null, null, null, false, false);
        }

        /** Returns this row, open only to callers who show an auth token. */
        Row withAuthToken() {
            return new Row(pattern, segments, get, post, delete, isAvailable, true);
        }

        /** Returns the operation of an HTTP method, or null if there is none. HEAD has the operation of GET. */
        @Nullable
        Operation operation(String method) {
            return switch (method) {
                case "GET", "HEAD" -> get;
                case "POST" -> post;
                case "DELETE" -> delete;
                default -> null;
            };
        }

        /** Returns the methods that a client may use, for the header Allow. */
        List<String> allowed() {
            List<String> allowed = new ArrayList<>(methods());
            if (get != null) {
                allowed.add("HEAD");
            }
            allowed.add("OPTIONS");
            return allowed;
        }

        /** Returns the methods that have an operation of their own. */
        List<String> methods() {
            List<String> methods = new ArrayList<>();
            for (String method : List.of("GET", "POST", "DELETE")) {
                if (operation(method) != null) {
                    methods.add(method);
                }
            }
            return methods;
        }

        private static List<String> segmentsOf(String pattern) {
            String[] parts = pattern.split("/", -1);
            return List.of(parts).subList(1, parts.length); // The text before the first slash is empty.
        }

        /** Returns the variables of the path, or an empty result if the path does not match this pattern. */
        Optional<Map<String, String>> match(List<String> path) {
            boolean isOpen = segments.get(segments.size() - 1).equals(ANYTHING);
            int fixed = isOpen ? segments.size() - 1 : segments.size();
            if (isOpen ? path.size() < fixed : path.size() != fixed) {
                return Optional.empty();
            }
            Map<String, String> variables = new HashMap<>();
            for (int i = 0; i < fixed; i++) {
                String name = segments.get(i);
                if (name.startsWith("{")) {
                    int end = name.indexOf('}');
                    String suffix = name.substring(end + 1);
                    if (!path.get(i).endsWith(suffix)) {
                        return Optional.empty();
                    }
                    String value = path.get(i).substring(0, path.get(i).length() - suffix.length());
                    variables.put(name.substring(1, end), value);
                } else if (!name.equals(path.get(i))) {
                    return Optional.empty();
                }
            }
            return Optional.of(variables);
        }
    }

    /** A row whose pattern matches a path, and the values of the variables in the path. */
    record Match(Row row, Map<String, String> variables) {}

    /** Returns the first row whose pattern matches the path. */
    Optional<Match> find(List<String> path) {
        for (Row row : rows) {
            Optional<Map<String, String>> variables = row.match(path);
            if (variables.isPresent()) {
                return Optional.of(new Match(row, variables.get()));
            }
        }
        return Optional.empty();
    }
}
