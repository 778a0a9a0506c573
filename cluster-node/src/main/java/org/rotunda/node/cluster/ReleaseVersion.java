package org.rotunda.node.cluster;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The part of a version that decides whether nodes run together: releases that differ only in their patch number, or in
 * a suffix such as {@code -SNAPSHOT}, are alike.
 */
record ReleaseVersion(int major, int minor) {
    private static final Pattern FORM = Pattern.compile("(\\d{1,5})\\.(\\d{1,3})(?:[.\\-+].*)?");

    /** The number of minor versions that one number in the database can tell apart. */
    private static final int MINORS = 1_000;

    /** Returns the version in a text such as {@code 1.4.2}; nothing if the text is no version, such as {@code unknown}. */
    static Optional<ReleaseVersion> parse(String text) {
        Matcher parts = FORM.matcher(text);
        return parts.matches()
                ? Optional.of(new ReleaseVersion(Integer.parseInt(parts.group(1)), Integer.parseInt(parts.group(2))))
                : Optional.empty();
    }

    /** Returns the version with this number in the database. */
    static ReleaseVersion of(int number) {
        return new ReleaseVersion(number / MINORS, number % MINORS);
    }

    /** Returns the number that stands for the version in the database. A higher version has a higher number. */
    int number() {
        return major * MINORS + minor;
    }

    /** Returns whether nodes of the two versions run together: of the same minor version, or of neighbouring ones. */
    boolean isNeighbourOf(ReleaseVersion other) {
        return major == other.major && Math.abs(minor - other.minor) <= 1;
    }

    /** Returns whether a node of this version can use a schema that a node of the other version has made. */
    boolean canUseSchemaOf(ReleaseVersion newest) {
        return number() >= newest.number() || isNeighbourOf(newest);
    }

    @Override
    public String toString() {
        return major + "." + minor;
    }
}
