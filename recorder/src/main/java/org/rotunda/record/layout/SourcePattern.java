package org.rotunda.record.layout;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A pattern that selects recordings of a room.
 *
 * <table>
 * <caption>The forms of a pattern</caption>
 * <tr><td>{@code *}</td><td>all tracks of the kind</td></tr>
 * <tr><td>{@code abc*}, {@code *abc}</td><td>track names that begin or end so; case counts</td></tr>
 * <tr><td>the form of a SID {@code RT…}, {@code MT…}, {@code PA…}</td><td>that recording, that track, all tracks of
 * that participant</td></tr>
 * <tr><td>anything else</td><td>the track name itself, in which a {@code *} is a character like any other</td></tr>
 * </table>
 */
public record SourcePattern(String text) {
    /** A track name has at most so many characters, and a pattern one more: its asterisk. */
    public static final int CHARS_MAX = 129;

    private static final Pattern SID = Pattern.compile("(RT|MT|PA)[0-9a-f]{32}");
    private static final char REPLACEMENT = '\uFFFD'; // What a decoder writes in place of invalid UTF-8.

    public SourcePattern {
        String fault = fault(text);
        if (fault != null) {
            throw new IllegalArgumentException("A pattern " + fault);
        }
    }

    /** Reads a pattern. {@code where} names the parameter, or the region and the key, in the error. */
    static SourcePattern read(String text, String where) throws LayoutException {
        String fault = fault(text);
        if (fault != null) {
            throw new LayoutException(where + ": a source " + fault);
        }
        return new SourcePattern(text);
    }

    /** Returns what is wrong with the text as a pattern; null if nothing is. */
    private static @Nullable String fault(String text) {
        if (text.isEmpty()) {
            return "must not be empty";
        }
        if (text.length() > CHARS_MAX) {
            return "must have at most " + CHARS_MAX + " characters";
        }
        if (text.length() > 1 && text.startsWith("*") && text.endsWith("*")) {
            return "must have an asterisk at the beginning or at the end, not both";
        }
        return isStorable(text) ? null : "has characters that cannot be stored";
    }

    /** Returns whether a database can store the text, and gives it back unchanged: no NUL, no half of a pair. */
    static boolean isStorable(String text) {
        return text.codePoints().noneMatch(c -> c == 0 || c == REPLACEMENT || (c >= 0xD800 && c <= 0xDFFF));
    }

    /** Returns whether the pattern selects a recording. */
    public boolean matches(String recordingSid, String trackSid, String participantSid, String trackName) {
        if (SID.matcher(text).matches()) {
            return text.equals(recordingSid) || text.equals(trackSid) || text.equals(participantSid);
        }
        if (text.equals("*")) {
            return true;
        }
        if (text.endsWith("*")) {
            return trackName.startsWith(text.substring(0, text.length() - 1));
        }
        if (text.startsWith("*")) {
            return trackName.endsWith(text.substring(1));
        }
        return trackName.equals(text);
    }

    @Override
    public String toString() {
        return text;
    }
}
