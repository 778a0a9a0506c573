package org.rotunda.load.bench;

import java.io.PrintStream;

/**
 * Shows the progress in a line. On a terminal each line overwrites the previous line. Otherwise a line is printed every
 * ten seconds. Main thread only.
 */
final class Progress {
    private static final long REPEAT_NANOS = 10_000_000_000L;
    private static final int WIDTH = 110; // Padding to this width erases a longer previous line.

    private final PrintStream out;
    private final boolean terminal;
    private long nextNanos = System.nanoTime();
    private boolean open;

    Progress(PrintStream out, boolean terminal) {
        this.out = out;
        this.terminal = terminal;
    }

    void show(String line) {
        if (terminal) {
            out.print("\r" + line + " ".repeat(Math.max(0, WIDTH - line.length())));
            out.flush();
            open = true;
        } else if (System.nanoTime() - nextNanos >= 0) {
            out.println(line);
            nextNanos = System.nanoTime() + REPEAT_NANOS;
        }
    }

    /** Prints a line that is not overwritten. */
    void say(String line) {
        if (open) {
            out.print("\r" + " ".repeat(WIDTH) + "\r");
            open = false;
        }
        out.println(line);
        nextNanos = System.nanoTime();
    }
}
