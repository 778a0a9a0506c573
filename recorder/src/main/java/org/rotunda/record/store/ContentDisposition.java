package org.rotunda.record.store;

import java.util.regex.Pattern;

/**
 * The value of a Content-Disposition header of a download (RFC 6266): attachment or inline, with a file name or
 * without. Immutable.
 *
 * @param value the value, of printable ASCII characters
 */
public record ContentDisposition(String value) {
    /** Long enough for each file name that a file system takes. */
    static final int LENGTH_MAX = 300;

    // No backslash: browsers disagree about escapes in file names.
    private static final Pattern FORM =
            Pattern.compile("(?i:attachment|inline)(; ?(?i:filename)=(\"[ !#-\\[\\]-~]+\"|[A-Za-z0-9._-]+))?");

    /** @throws IllegalArgumentException if the value has another form or is too long */
    public ContentDisposition {
        if (value.length() > LENGTH_MAX || !FORM.matcher(value).matches()) {
            throw new IllegalArgumentException(
                    "must be attachment or inline, optionally with ; filename=\"...\", in ASCII characters");
        }
    }

    /** Returns the disposition that a download has if the application asks for none. */
    public static ContentDisposition attachmentOf(ObjectKey key) {
        return new ContentDisposition("attachment; filename=\"" + key.fileName() + "\"");
    }
}
