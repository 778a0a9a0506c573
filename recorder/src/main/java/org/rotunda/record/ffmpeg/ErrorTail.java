package org.rotunda.record.ffmpeg;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** The last part of what a process wrote to its standard error. A decoder may write for hours. Thread-safe. */
final class ErrorTail {
    static final int BYTES_MAX = 64 * 1024;
    private static final int LINE_CHARS_MAX = 500;

    private final byte[] ring = new byte[BYTES_MAX];
    private long written;

    /** Reads the stream to its end. */
    void readAll(InputStream stream) throws IOException {
        byte[] buffer = new byte[4096];
        for (int n = stream.read(buffer); n >= 0; n = stream.read(buffer)) {
            append(buffer, n);
        }
    }

    synchronized void append(byte[] bytes, int length) {
        for (int i = 0; i < length; i++) {
            ring[(int) (written++ % BYTES_MAX)] = bytes[i];
        }
    }

    synchronized String text() {
        int length = (int) Math.min(written, BYTES_MAX);
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = ring[(int) ((written - length + i) % BYTES_MAX)];
        }
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** Returns the last line with anything in it, shortened; an empty text if there is none. */
    String lastLine() {
        String text = text().stripTrailing();
        String line = text.substring(text.lastIndexOf('\n') + 1).strip().replaceAll("\\p{Cntrl}", "?");
        return line.length() <= LINE_CHARS_MAX ? line : line.substring(0, LINE_CHARS_MAX);
    }
}
