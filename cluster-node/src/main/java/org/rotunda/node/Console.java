package org.rotunda.node;

import com.typesafe.config.Config;
import java.io.PrintStream;
import org.rotunda.node.logging.PrintedLines;

/**
 * The standard output of a node's process. With {@code rotunda.log.format = json} it carries only the log, as JSON
 * objects. With {@code text} it also carries lines for people. Created once per process, before the node starts.
 */
final class Console {
    private static final String FORMAT = "rotunda.log.format";

    private final PrintStream people;
    private final boolean isJson;

    private Console(PrintStream people, boolean isJson) {
        this.people = people;
        this.isJson = isJson;
    }

    /** Sets the format of the log, and redirects the streams on which libraries print. */
    static Console take(Config config) {
        String format = config.getString(FORMAT);
        System.setProperty(FORMAT, format); // logback.xml reads this property when the first logger is requested.
        Console console = new Console(System.out, format.equals("json"));
        PrintedLines.takeStandardOutput();
        if (console.isJson) {
            PrintedLines.takeStandardError();
        }
        return console;
    }

    /** Prints lines for people. Prints nothing if the output is JSON, because the log then says the same. */
    void say(String lines) {
        if (!isJson) {
            people.println(lines);
            people.flush();
        }
    }
}
