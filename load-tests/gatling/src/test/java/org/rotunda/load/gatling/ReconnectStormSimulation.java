package org.rotunda.load.gatling;

import static io.gatling.javaapi.core.CoreDsl.details;
import static io.gatling.javaapi.core.CoreDsl.exec;
import static io.gatling.javaapi.core.CoreDsl.global;
import static io.gatling.javaapi.core.CoreDsl.pause;
import static io.gatling.javaapi.core.CoreDsl.rampUsers;
import static io.gatling.javaapi.core.CoreDsl.scenario;

import io.gatling.javaapi.core.ScenarioBuilder;
import io.gatling.javaapi.core.Simulation;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A simulation in which all clients lose their sockets at the same moment and resume their sessions, as clients do when
 * a gateway crashes. This storm happens three times in a row.
 */
public final class ReconnectStormSimulation extends Simulation {
    private static final int USERS = 500;
    private static final int SECONDS = 20;
    private static final int STORMS = 3;
    private static final Duration CALM = Duration.ofSeconds(15);

    /**
     * The longest pause between the loss of a socket and the SDK's first attempt to resume. The SDK's pause is random.
     */
    private static final Duration BACKOFF = Duration.ofMillis(80);

    private static final long NOT_YET = Long.MIN_VALUE;

    /** The time at which the first user started. */
    private final AtomicLong beginNanos = new AtomicLong(NOT_YET);

    /**
     * Lets users join for {@code rotunda.seconds}. The first storm begins {@link #CALM} after the end of this period.
     */
    public ReconnectStormSimulation() {
        setUp(clients().injectOpen(rampUsers(Target.users(USERS)).during(Target.duration(SECONDS))))
                .protocols(Sessions.protocol())
                .assertions(
                        global().successfulRequests().percent().gt(99.0),
                        details("synced").successfulRequests().percent().gt(99.0));
    }

    private ScenarioBuilder clients() {
        ScenarioBuilder clients = scenario("join, lose the socket, resume")
                .exec(session -> {
                    beginNanos.compareAndSet(NOT_YET, System.nanoTime());
                    return session;
                })
                .exec(Sessions.arrive())
                .exec(Sessions.join());
        for (int storm = 1; storm <= STORMS; storm++) {
            Duration sinceBegin = Target.duration(SECONDS).plus(CALM.multipliedBy(storm));
            clients = clients.exec(Sessions.stayUntil(() -> beginNanos.get() + sinceBegin.toNanos()))
                    .exec(exec(Sessions.loseSocket())
                            .exec(pause(Duration.ZERO, BACKOFF))
                            .exec(Sessions.resume()));
        }
        return clients.exec(Sessions.leave());
    }

    /** Describes the load of this run. */
    static String load() {
        return Target.users(USERS) + " users within " + Target.duration(SECONDS).toSeconds() + " s";
    }
}
