package org.rotunda.record.store;

import java.util.regex.Pattern;

/**
 * Names an object of the store. A key is made of SIDs, a number and an extension only, so no text from outside becomes
 * a part of a path. Immutable.
 *
 * @param path the names of directories and of the object, separated by slashes
 * @param format the kind of file
 */
public record ObjectKey(String path, MediaFormat format) {
    private static final String SID = "[A-Z]{2}[0-9a-f]{32}";
    private static final Pattern PATH = Pattern.compile(
            "(" + SID + "/" + SID + "/" + SID + "|segments/" + SID + "\\.[0-9]{1,6}|" + SID + ")\\.[a-z0-9]+");
    private static final int SEGMENT_MAX = 999_999;

    /** @throws IllegalArgumentException if the path does not have the form of a key, or another extension */
    public ObjectKey {
        if (!PATH.matcher(path).matches() || !path.endsWith("." + format.extension())) {
            throw new IllegalArgumentException("not the key of an object of the store");
        }
    }

    /** Returns the key of a recording or a composition of a room. */
    public static ObjectKey ofRoom(String accountSid, String roomSid, String sid, MediaFormat format) {
        return new ObjectKey(accountSid + "/" + roomSid + "/" + sid + "." + format.extension(), format);
    }

    /** Returns the key of one file of a recording that has several, counted from 0. */
    public static ObjectKey ofSegment(String sid, int number, MediaFormat format) {
        if (number < 0 || number > SEGMENT_MAX) {
            throw new IllegalArgumentException("a recording has no segment " + number);
        }
        return new ObjectKey("segments/" + sid + "." + number + "." + format.extension(), format);
    }

    /** Returns the key of an object in the bucket of an account, where nothing but its own SID names it. */
    public static ObjectKey alone(String sid, MediaFormat format) {
        return new ObjectKey(sid + "." + format.extension(), format);
    }

    /** Reads a key that {@link #path()} has written. */
    static ObjectKey parse(String path) {
        for (MediaFormat format : MediaFormat.values()) {
            if (path.endsWith("." + format.extension())) {
                return new ObjectKey(path, format);
            }
        }
        throw new IllegalArgumentException("not the key of an object of the store");
    }

    /** Returns the last name of the path. */
    public String fileName() {
        return path.substring(path.lastIndexOf('/') + 1);
    }
}
