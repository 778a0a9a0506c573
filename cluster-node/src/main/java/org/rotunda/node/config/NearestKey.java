package org.rotunda.node.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Finds the known name that somebody most likely meant. It is the name with the fewest typing mistakes. */
final class NearestKey {
    /** The number of characters per typing mistake: a name of twelve characters may have four mistakes. */
    private static final int CHARACTERS_PER_MISTAKE = 3;

    private static final int MISTAKES_MIN = 2;
    private static final int MISTAKES_MAX = 5;

    private final List<String> known;

    private NearestKey(List<String> known) {
        this.known = known;
    }

    static NearestKey among(Collection<String> known) {
        return new NearestKey(known.stream().sorted().toList());
    }

    /** Returns the nearest known name; empty if no known name is near. */
    Optional<String> to(String unknown) {
        int allowed = Math.min(MISTAKES_MAX, Math.max(MISTAKES_MIN, unknown.length() / CHARACTERS_PER_MISTAKE));
        return known.stream()
                .filter(name -> mistakes(unknown, name) <= allowed)
                .min(Comparator.comparingInt(name -> mistakes(unknown, name)));
    }

    /** Returns the known names with the same last part, for a name whose section is missing or wrong. */
    List<String> endingLike(String unknown) {
        String end = unknown.substring(unknown.lastIndexOf('.') + 1);
        return known.stream()
                .filter(name -> name.equals(end) || name.endsWith("." + end))
                .toList();
    }

    /**
     * Returns the number of characters that must be inserted, deleted, replaced or swapped with a neighbour to turn one
     * text into the other (optimal string alignment).
     */
    static int mistakes(String one, String other) {
        int[][] distance = new int[one.length() + 1][other.length() + 1];
        for (int i = 0; i <= one.length(); i++) {
            for (int j = 0; j <= other.length(); j++) {
                if (i == 0 || j == 0) {
                    distance[i][j] = i + j;
                    continue;
                }
                int replaced = one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1;
                int least = Math.min(distance[i - 1][j], distance[i][j - 1]) + 1;
                least = Math.min(least, distance[i - 1][j - 1] + replaced);
                if (i > 1
                        && j > 1
                        && one.charAt(i - 1) == other.charAt(j - 2)
                        && one.charAt(i - 2) == other.charAt(j - 1)) {
                    least = Math.min(least, distance[i - 2][j - 2] + 1);
                }
                distance[i][j] = least;
            }
        }
        return distance[one.length()][other.length()];
    }
}
