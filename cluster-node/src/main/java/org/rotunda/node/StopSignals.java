package org.rotunda.node;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Handles SIGTERM and SIGINT. The first signal ends the process in order, as the JVM does by itself: its shutdown drains
 * the node. A second signal ends the process at once, for operators who do not want to wait for the drain. The JVM alone
 * would ignore it.
 */
final class StopSignals {
    /** A process that a signal ends has this exit code plus the number of the signal. */
    private static final int EXIT_SIGNAL = 128;

    private static final int SIGINT = 2;
    private static final int SIGTERM = 15;

    private static final AtomicBoolean STOPPING = new AtomicBoolean();

    private StopSignals() {}

    /** Returns the log. It is asked for late: the first logger fixes the format, which the configuration names. */
    private static Logger log() {
        return LoggerFactory.getLogger(StopSignals.class);
    }

    /**
     * Handles the signals from now on. The JVM has no public door to signals; {@code sun.misc.Signal} is in the module
     * {@code jdk.unsupported} of every JDK, and javac warns of each mention of it, so it is called by its name.
     */
    static void handle() {
        try {
            handle("INT", SIGINT);
            handle("TERM", SIGTERM);
        } catch (ReflectiveOperationException | RuntimeException unsupported) {
            log().warn("signals cannot be handled here: a second SIGTERM does not end the process", unsupported);
        }
    }

    private static void handle(String name, int number) throws ReflectiveOperationException {
        Class<?> signal = Class.forName("sun.misc.Signal");
        Class<?> handler = Class.forName("sun.misc.SignalHandler");
        InvocationHandler onSignal = (proxy, method, arguments) -> {
            stop(EXIT_SIGNAL + number);
            return null;
        };
        signal.getMethod("handle", signal, handler)
                .invoke(
                        null,
                        signal.getConstructor(String.class).newInstance(name),
                        Proxy.newProxyInstance(StopSignals.class.getClassLoader(), new Class<?>[] {handler}, onSignal));
    }

    /** Ends the process. Runs on the thread that the JVM has made for the signal. */
    private static void stop(int exitCode) {
        if (STOPPING.compareAndSet(false, true)) {
            System.exit(exitCode);
        } else {
            System.err.println("rotunda: stopped at once by a second signal");
            Runtime.getRuntime().halt(exitCode);
        }
    }
}
