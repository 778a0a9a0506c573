package org.rotunda.media.sdp;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.rotunda.media.text.Utf8;

/** Parses a session description in one pass (RFC 8866 §5). Lines may end in CRLF or LF. Work and memory are bounded. */
public final class SdpParser {
    /**
     * The maximum number of characters in a description. It equals the maximum length of a signaling frame. In big
     * rooms a description has hundreds of kilobytes.
     */
    public static final int LENGTH_MAX = 1 << 20;

    /**
     * The maximum number of m-lines. Each remote track takes an m-line, so a client in the largest room (170 tracks)
     * uses at most 170 m-lines. The rest of the limit is for rejected m-lines, which are never removed. The limit
     * bounds the time for which a description holds its event loop.
     */
    public static final int M_LINES_MAX = 512;

    /** The maximum number of lines in a description. */
    public static final int LINES_MAX = 65_536;

    /** The maximum number of lines in one section. The limit keeps the search for an attribute cheap. */
    public static final int LINES_PER_SECTION_MAX = 1_024;

    /**
     * The maximum number of characters in a line. The longest real line is a BUNDLE group with {@link #M_LINES_MAX}
     * MIDs.
     */
    public static final int LINE_LENGTH_MAX = 16_384;

    static final int FORMATS_MAX = 256;
    private static final int PORT_MAX = 0xFFFF;

    private final String text;
    private final List<SdpLine> sessionLines = new ArrayList<>();
    private final List<MediaSection> media = new ArrayList<>();
    private @Nullable MediaSection open; // The current section; openLines collects its lines.
    private List<SdpLine> openLines = new ArrayList<>();
    private int lineNumber;
    private int writtenLength; // The length of the lines read so far, if each line ends with CRLF.

    private SdpParser(String text) {
        this.text = text;
    }

    public static SdpResult parse(String text) {
        if (text.length() > LENGTH_MAX) {
            return new SdpResult.Malformed(SdpFault.TOO_LARGE, 0);
        }
        return new SdpParser(text).run();
    }

    private SdpResult run() {
        int start = 0;
        while (start < text.length()) {
            int newline = text.indexOf('\n', start);
            int next = newline < 0 ? text.length() : newline + 1;
            int end = newline < 0 ? text.length() : newline;
            if (end > start && text.charAt(end - 1) == '\r') {
                end--;
            }
            lineNumber++;
            SdpFault fault = onLine(start, end);
            if (fault != null) {
                return new SdpResult.Malformed(fault, lineNumber);
            }
            start = next;
        }
        if (sessionLines.isEmpty()) {
            return new SdpResult.Malformed(SdpFault.BAD_VERSION, 0);
        }
        closeSection();
        return new SdpResult.Parsed(new SessionDescription(sessionLines, media));
    }

    private @Nullable SdpFault onLine(int start, int end) {
        if (lineNumber > LINES_MAX) {
            return SdpFault.TOO_MANY_LINES;
        }
        writtenLength += end - start + 2;
        if (writtenLength > LENGTH_MAX) {
            return SdpFault.TOO_LARGE;
        }
        if (end - start > LINE_LENGTH_MAX) {
            return SdpFault.LINE_TOO_LONG;
        }
        if (end - start < 2 || text.charAt(start + 1) != '=' || !isPlain(start, end)) {
            return SdpFault.BAD_LINE;
        }
        char type = text.charAt(start);
        if (type < 'a' || type > 'z') {
            return SdpFault.BAD_LINE;
        }
        String value = text.substring(start + 2, end);
        if (lineNumber == 1) {
            if (type != 'v' || !value.equals("0")) {
                return SdpFault.BAD_VERSION;
            }
        } else if (type == 'v') {
            return SdpFault.BAD_VERSION;
        }
        if (type == 'm') {
            closeSection();
            return openSection(value);
        }
        List<SdpLine> lines = open == null ? sessionLines : openLines;
        if (lines.size() >= LINES_PER_SECTION_MAX) {
            return SdpFault.TOO_MANY_LINES;
        }
        lines.add(new SdpLine(type, value));
        return null;
    }

    /**
     * Returns whether the line has no control characters except tabs, and can be written as UTF-8. A CR in a value
     * could add a line to the descriptions that we write.
     */
    private boolean isPlain(int start, int end) {
        for (int i = start; i < end; i++) {
            char c = text.charAt(i);
            if (c < ' ' && c != '\t') {
                return false;
            }
        }
        return Utf8.isWritable(text, start, end);
    }

    private @Nullable SdpFault openSection(String value) {
        if (media.size() >= M_LINES_MAX) {
            return SdpFault.TOO_MANY_M_LINES;
        }
        List<String> words = words(value);
        if (words.size() < 4 || words.size() > 3 + FORMATS_MAX) {
            return SdpFault.BAD_M_LINE;
        }
        long port = number(words.get(1), PORT_MAX);
        if (port < 0) {
            return SdpFault.BAD_M_LINE;
        }
        open = new MediaSection(words.get(0), (int) port, words.get(2), words.subList(3, words.size()), List.of());
        openLines = new ArrayList<>();
        return null;
    }

    private void closeSection() {
        MediaSection section = open;
        if (section != null) {
            media.add(new MediaSection(
                    section.media(), section.port(), section.protocol(), section.formats(), openLines));
            open = null;
        }
    }

    /** Returns the words of a value. Any number of blanks may separate two words. */
    static List<String> words(String value) {
        List<String> words = new ArrayList<>();
        int start = 0;
        for (int i = 0; i <= value.length(); i++) {
            if (i == value.length() || value.charAt(i) == ' ') {
                if (i > start) {
                    words.add(value.substring(start, i));
                }
                start = i + 1;
            }
        }
        return words;
    }

    /** Returns the decimal number, or -1 if the text is not a number or the number is above {@code max}. */
    static long number(String digits, long max) {
        if (digits.isEmpty() || digits.length() > 18) {
            return -1;
        }
        long number = 0;
        for (int i = 0; i < digits.length(); i++) {
            char c = digits.charAt(i);
            if (c < '0' || c > '9') {
                return -1;
            }
            number = number * 10 + (c - '0');
        }
        return number <= max ? number : -1;
    }
}
