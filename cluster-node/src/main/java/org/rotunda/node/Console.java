package org.rotunda.node;

import com.typesafe.config.Config;
import java.io.PrintStream;
import org.rotunda.node.logging.PrintedLines;

/**
 * The standard output of a node's process. It carries the log; with {@code rotunda.log.format = text} also lines for
 * people, and with {@code json} nothing but JSON objects. Taken once, before the node starts.
 */
final class Console {
    private static final String FORMAT = "rotunda.log.format";

    private final PrintStream people;
    private final boolean isJson;

    private Console(PrintStream people, boolean isJson) {
        this.people = people;
        this.isJson = isJson;
    }

    /** Tells the log its format, and takes from libraries the streams that they print on. */
    static Console take(Config config) {
        String format = config.getString(FORMAT);
        System.setProperty(FORMAT, format); // Read by logback.xml, when the first logger is asked for.
        Console console = new Console(System.out, format.equals("json"));
        PrintedLines.takeStandardOutput();
        if (console.isJson) {
            PrintedLines.takeStandardError();
        }
        return console;
    }

    /** Prints lines for people; prints nothing where the output is JSON, because the log says the same. */
    void say(String lines) {
        if (!isJson) {
            people.println(lines);
            people.flush();
        }
    }
}
