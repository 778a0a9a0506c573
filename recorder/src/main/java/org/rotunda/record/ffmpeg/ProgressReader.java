package org.rotunda.record.ffmpeg;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.LongConsumer;

/** Reads the progress that ffmpeg writes as lines {@code key=value}, and passes on the number of frames. */
final class ProgressReader {
    private static final int LINE_BYTES_MAX = 256; // The rest of a longer line is thrown away.
    private static final String FRAME = "frame=";

    private final LongConsumer listener;
    private final byte[] line = new byte[LINE_BYTES_MAX];
    private int length;
    private volatile long frames;

    ProgressReader(LongConsumer listener) {
        this.listener = listener;
    }

    /** Reads the stream to its end. */
    void readAll(InputStream stream) throws IOException {
        byte[] buffer = new byte[4096];
        for (int n = stream.read(buffer); n >= 0; n = stream.read(buffer)) {
            for (int i = 0; i < n; i++) {
                onByte(buffer[i]);
            }
        }
    }

    /** Returns the number of frames that the process has rendered. */
    long frames() {
        return frames;
    }

    private void onByte(byte each) {
        if (each == '\n') {
            onLine(new String(line, 0, length, StandardCharsets.US_ASCII));
            length = 0;
        } else if (length < LINE_BYTES_MAX) {
            line[length++] = each;
        }
    }

    private void onLine(String text) {
        String number = text.startsWith(FRAME) ? text.substring(FRAME.length()).strip() : "";
        if (!number.isEmpty() && number.length() <= 12 && number.chars().allMatch(c -> c >= '0' && c <= '9')) {
            frames = Long.parseLong(number);
            listener.accept(frames);
        }
    }
}
