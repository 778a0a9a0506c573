package org.rotunda.load.gatling;

import static io.gatling.javaapi.core.CoreDsl.constantUsersPerSec;
import static io.gatling.javaapi.core.CoreDsl.details;
import static io.gatling.javaapi.core.CoreDsl.global;
import static io.gatling.javaapi.core.CoreDsl.jsonPath;
import static io.gatling.javaapi.core.CoreDsl.percent;
import static io.gatling.javaapi.core.CoreDsl.randomSwitch;
import static io.gatling.javaapi.core.CoreDsl.repeat;
import static io.gatling.javaapi.core.CoreDsl.scenario;
import static io.gatling.javaapi.http.HttpDsl.http;
import static io.gatling.javaapi.http.HttpDsl.status;

import io.gatling.javaapi.core.ChainBuilder;
import io.gatling.javaapi.core.CoreDsl;
import io.gatling.javaapi.core.ScenarioBuilder;
import io.gatling.javaapi.core.Simulation;
import io.gatling.javaapi.http.HttpProtocolBuilder;
import java.util.UUID;
import org.rotunda.load.client.Tokens;

/**
 * A simulation of a backend's REST calls. The backend creates, reads, lists and completes rooms, and reads their
 * participants.
 */
public final class RestMixSimulation extends Simulation {
    private static final double ROOMS_PER_SECOND = 10;
    private static final int SECONDS = 60;
    private static final int LOOKS = 8;
    private static final int CREATED = 201;
    private static final int OK = 200;
    private static final int ACCEPTED = 202;

    private final HttpProtocolBuilder backend = http.baseUrl(Target.url())
            .basicAuth(Tokens.ACCOUNT, Tokens.AUTH_TOKEN)
            .acceptHeader("application/json");

    private final ChainBuilder create = CoreDsl.exec(http("create a room")
            .post("/v1/Rooms")
            .formParam("UniqueName", session -> "mix-" + UUID.randomUUID())
            .check(status().is(CREATED))
            .check(jsonPath("$.sid").saveAs("sid"))
            .check(jsonPath("$.unique_name").saveAs("name")));

    private final ChainBuilder fetchBySid =
            CoreDsl.exec(http("fetch it by SID").get("/v1/Rooms/#{sid}").check(status().is(OK)));

    private final ChainBuilder fetchByName =
            CoreDsl.exec(http("fetch it by name").get("/v1/Rooms/#{name}").check(status().is(OK)));

    private final ChainBuilder participants = CoreDsl.exec(
            http("list its participants").get("/v1/Rooms/#{sid}/Participants").check(status().is(OK)));

    private final ChainBuilder list = CoreDsl.exec(http("list rooms in progress")
            .get("/v1/Rooms?Status=in-progress&PageSize=50")
            .check(status().is(OK)));

    private final ChainBuilder complete = CoreDsl.exec(http("complete it")
            .post("/v1/Rooms/#{sid}")
            .formParam("Status", "completed")
            .check(status().is(ACCEPTED)));

    private final ScenarioBuilder mix = scenario("REST mix")
            .exec(create)
            .exitHereIfFailed()
            .exec(repeat(LOOKS)
                    .on(randomSwitch()
                            .on(
                                    percent(40).then(fetchBySid),
                                    percent(25).then(fetchByName),
                                    percent(25).then(participants),
                                    percent(10).then(list))))
            .exec(complete);

    /** Starts users at a fixed rate, however long the server takes to answer. */
    public RestMixSimulation() {
        setUp(mix.injectOpen(constantUsersPerSec(Target.rate(ROOMS_PER_SECOND)).during(Target.duration(SECONDS))))
                .protocols(backend)
                .assertions(
                        global().successfulRequests().percent().gt(99.9),
                        details("create a room").failedRequests().count().is(0L));
    }

    /** Describes the load of this run. */
    static String load() {
        return Target.constantLoad(ROOMS_PER_SECOND, SECONDS);
    }
}
