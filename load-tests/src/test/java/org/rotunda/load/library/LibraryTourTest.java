package org.rotunda.load.library;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.swagger.v3.oas.models.Operation;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rotunda.gateway.testkit.ApiContract;
import org.rotunda.load.bot.Bot;
import org.rotunda.load.bot.BotNode;
import org.rotunda.load.bot.Publishing;
import org.rotunda.load.client.Tokens;
import org.rotunda.load.library.HelperLibrary.Exchange;
import org.rotunda.load.library.HelperLibrary.Outcome;
import org.rotunda.load.testkit.Await;
import org.rotunda.room.testkit.PostgresServer;

/**
 * The stock helper libraries get the expected answer from every operation of the public API, on both databases. Each
 * answer is also checked against our OpenAPI document.
 */
class LibraryTourTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Pattern VARIABLE = Pattern.compile("\\{[A-Za-z]+}");

    /** Resources that the vendor's API does not have, and so neither do the libraries. */
    private static final Set<String> TAGS_OF_OURS = Set.of("Status callbacks", "Settings", "Erasing", "Allocation");

    @Test
    void theTourHasEveryOperationThatTheLibrariesHave() {
        Set<String> documented = new TreeSet<>();
        ApiContract.DOCUMENT
                .getPaths()
                .forEach((path, item) -> item.readOperationsMap().forEach((method, operation) -> {
                    if (!isOfOurs(operation)) {
                        documented.add(method + " " + path);
                    }
                }));

        Set<String> toured = new TreeSet<>();
        Tour.steps().forEach(step -> toured.add(step.operation()));

        assertThat(toured).isEqualTo(documented).hasSizeGreaterThan(60);
    }

    private static boolean isOfOurs(Operation operation) {
        return operation.getTags().stream().anyMatch(TAGS_OF_OURS::contains);
    }

    @Test
    void theTourOnTheEmbeddedDatabase() {
        tour(Map.of());
    }

    @Test
    void theTourOnPostgresql(@TempDir Path directory) {
        try (PostgresServer postgres = PostgresServer.start(directory)) {
            Map<String, String> settings = new HashMap<>();
            postgres.config(postgres.createDatabase()).forEach((key, value) -> settings.put(key, "\"" + value + "\""));
            tour(settings);
        }
    }

    private static void tour(Map<String, String> settings) {
        try (BotNode node = new BotNode(settings)) {
            for (Function<String, HelperLibrary> library :
                    List.<Function<String, HelperLibrary>>of(JavaLibrary::new, NodeLibrary::new)) {
                try (HelperLibrary stock = library.apply(node.node().httpUrl())) {
                    new Run(node, stock).all();
                }
            }
        }
    }

    /** One run of the tour with one library. */
    private static final class Run {
        private final BotNode node;
        private final HelperLibrary library;
        private final TourVars vars;

        Run(BotNode node, HelperLibrary library) {
            this.node = node;
            this.library = library;
            vars = Tour.vars("tour of " + library + ", Übung +1", Tokens.ACCOUNT, Tokens.AUTH_TOKEN);
        }

        void all() {
            run(RoomSteps.roomSteps());
            String room = vars.get("name");
            Bot alice =
                    node.join(node.settings(room, "alice").withPublishing(Publishing.AUDIO_AND_SIMULCAST.withData()));
            vars.put("alice", alice.participantSid());
            Bot bob = node.join(node.settings(room, "bob"));
            vars.put("bob", bob.participantSid());
            assertThat(alice.roomSid()).isEqualTo(vars.get("room"));

            run(RoomSteps.participantSteps());
            run(TrackSteps.trackSteps());
            run(TrackSteps.ruleSteps());
            run(RoomSteps.departureSteps());
            Await.until("the removal of Bob", PATIENCE, bob::isEnded);
            assertThat(alice.isEnded()).isFalse();

            run(EngineSteps.recordingSteps());
            run(EngineSteps.compositionSteps());
            run(EngineSteps.reportSteps());
            run(RoomSteps.endSteps());
            Await.until("the end of the room for Alice", PATIENCE, alice::isEnded);

            run(RoomSteps.typeSteps());

            run(AccountSteps.accountSteps());
            run(AccountSteps.keySteps());
            run(AccountSteps.tokenSteps());
        }

        private void run(List<TourStep> steps) {
            for (TourStep step : steps) {
                check(step, library.call(step, vars));
            }
        }

        private void check(TourStep step, Outcome outcome) {
            String what = library + ", " + step + ": " + outcome;
            assertThat(outcome.exchanges())
                    .as(what)
                    .isNotEmpty()
                    .allSatisfy(each -> assertThat(describes(step, each)).isTrue());
            Exchange last = outcome.exchanges().get(outcome.exchanges().size() - 1);
            assertThat(last.status()).as(what).isEqualTo(step.status());
            assertThat(outcome.code()).as(what).isEqualTo(step.code());
            assertThat(outcome.status()).as(what).isEqualTo(step.code() == 0 ? 0 : step.status());
            for (Exchange each : outcome.exchanges()) {
                ApiContract.check(each.method(), each.path(), each.status(), "application/json", each.body());
            }
            step.kept()
                    .forEach((name, pointer) ->
                            vars.put(name, outcome.result().at(pointer).asText()));
            for (TourStep.Fact fact : step.facts()) {
                check(what, fact, outcome.result().at(fact.pointer()));
            }
        }

        /** Returns whether a request belongs to the operation of the step, so that no step claims another operation. */
        private static boolean describes(TourStep step, Exchange exchange) {
            List<String> parts = new ArrayList<>();
            for (String part : VARIABLE.split(step.operation(), -1)) {
                parts.add(Pattern.quote(part));
            }
            return (exchange.method() + " " + exchange.path()).matches(String.join("[^/]+", parts));
        }

        private void check(String what, TourStep.Fact fact, JsonNode value) {
            String which = fact.pointer() + " in " + what;
            assertThat(value.isMissingNode()).as(which).isFalse();
            switch (fact.kind()) {
                case IS -> assertThat(value.asText()).as(which).isEqualTo(vars.fill(fact.expected()));
                // A repetition such as {32} is no name, so it stays.
                case MATCHES -> assertThat(value.asText()).as(which).matches(vars.fill(fact.expected()));
                case NULL -> assertThat(value.isNull()).as(which).isTrue();
                case SIZE ->
                    assertThat(value.isArray() ? value.size() : -1)
                            .as(which)
                            .isEqualTo(Integer.parseInt(fact.expected()));
            }
        }
    }
}
