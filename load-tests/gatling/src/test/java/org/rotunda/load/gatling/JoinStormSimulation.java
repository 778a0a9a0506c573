package org.rotunda.load.gatling;

import static io.gatling.javaapi.core.CoreDsl.constantUsersPerSec;
import static io.gatling.javaapi.core.CoreDsl.details;
import static io.gatling.javaapi.core.CoreDsl.global;
import static io.gatling.javaapi.core.CoreDsl.scenario;

import io.gatling.javaapi.core.ScenarioBuilder;
import io.gatling.javaapi.core.Simulation;
import java.time.Duration;

/** A simulation of clients that join at a fixed rate, stay for ten seconds and leave. Four clients share a room. */
public final class JoinStormSimulation extends Simulation {
    private static final double JOINS_PER_SECOND = 50;
    private static final int SECONDS = 60;
    private static final Duration STAY = Duration.ofSeconds(10);

    private final ScenarioBuilder visitors = scenario("join, stay, leave")
            .exec(Sessions.arrive())
            .exec(Sessions.join())
            .exec(Sessions.stay(STAY))
            .exec(Sessions.leave());

    /** Starts users at a fixed rate, however long the server takes to answer. */
    public JoinStormSimulation() {
        setUp(visitors.injectOpen(
                        constantUsersPerSec(Target.rate(JOINS_PER_SECOND)).during(Target.duration(SECONDS))))
                .protocols(Sessions.protocol())
                .assertions(
                        global().successfulRequests().percent().gt(99.0),
                        details("connected").successfulRequests().percent().gt(99.0));
    }

    /** Describes the load of this run. */
    static String load() {
        return Target.constantLoad(JOINS_PER_SECOND, SECONDS);
    }
}
