package org.rotunda.record.store;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The Range header of a request (RFC 9110, 14.2). A header of another unit, of several ranges or of another form asks
 * for nothing: the answer then is the whole object, which the RFC allows.
 */
final class RangeHeader {
    // 18 digits fit into a long. A client with more digits has no use for the object.
    private static final Pattern ONE = Pattern.compile("(?i:bytes)=[ \\t]*([0-9]{0,18})-([0-9]{0,18})[ \\t]*");

    private RangeHeader() {}

    /** The part of an object that a request asks for. */
    sealed interface Wanted {
        record Whole() implements Wanted {}

        record Part(ByteRange range) implements Wanted {}

        /** A range that has no byte of the object (status 416). */
        record Unsatisfiable() implements Wanted {}
    }

    static Wanted wanted(Optional<String> header, long lengthBytes) {
        var form = ONE.matcher(header.orElse(""));
        if (!form.matches()) {
            return new Wanted.Whole();
        }
        String first = form.group(1);
        String last = form.group(2);
        if (first.isEmpty()) {
            return last.isEmpty() ? new Wanted.Whole() : suffix(Long.parseLong(last), lengthBytes);
        }
        long from = Long.parseLong(first);
        long to = last.isEmpty() ? Long.MAX_VALUE : Long.parseLong(last);
        if (to < from) {
            return new Wanted.Whole(); // Invalid, so the header is ignored (RFC 9110, 14.1.1).
        }
        return from < lengthBytes ? part(from, Math.min(to, lengthBytes - 1)) : new Wanted.Unsatisfiable();
    }

    private static Wanted suffix(long wantedBytes, long lengthBytes) {
        if (wantedBytes == 0 || lengthBytes == 0) {
            return new Wanted.Unsatisfiable();
        }
        return part(Math.max(0, lengthBytes - wantedBytes), lengthBytes - 1);
    }

    private static Wanted part(long first, long last) {
        return new Wanted.Part(new ByteRange(first, last - first + 1));
    }
}
