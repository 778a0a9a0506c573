package org.rotunda.node.logging;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import ch.qos.logback.core.read.ListAppender;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class PrintedLinesTest {
    private final Logger logger = (Logger) LoggerFactory.getLogger("printed");
    private final ListAppender<ILoggingEvent> logged = new ListAppender<>();
    private final PrintStream stream =
            new PrintStream(new PrintedLines("printed", org.slf4j.event.Level.INFO), true, StandardCharsets.UTF_8);

    PrintedLinesTest() {
        logger.setLevel(Level.INFO);
        logger.setAdditive(false);
        logged.start();
        logger.addAppender(logged);
    }

    @AfterEach
    void detach() {
        logger.detachAndStopAllAppenders();
    }

    @Test
    void eachLineIsAnEvent() {
        stream.println("# stop ä");
        stream.print("half");
        stream.print(" a line\r\n\nnot ended");

        assertThat(logged.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .containsExactly("# stop ä", "half a line");
        assertThat(logged.list).allMatch(event -> event.getLevel() == Level.INFO);
    }

    @Test
    void bracesInALineAreText() {
        stream.println("{} of {}");

        assertThat(logged.list).extracting(ILoggingEvent::getFormattedMessage).containsExactly("{} of {}");
    }

    @Test
    void aLogThatPrintsItselfIsNotLoggedAgain() {
        AppenderBase<ILoggingEvent> printing = new AppenderBase<>() {
            @Override
            protected void append(ILoggingEvent event) {
                stream.println("cannot write " + event.getFormattedMessage());
            }
        };
        printing.start();
        logger.addAppender(printing);

        stream.println("a line");

        assertThat(logged.list).extracting(ILoggingEvent::getFormattedMessage).containsExactly("a line");
    }

    @Test
    void aLineWithoutEndIsLoggedInParts() {
        stream.print("x".repeat(100_000));

        assertThat(logged.list)
                .extracting(event -> event.getFormattedMessage().length())
                .containsExactly(64 * 1024);
    }
}
