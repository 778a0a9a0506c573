package org.rotunda.load.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.rotunda.load.browser.CallPage;
import org.rotunda.load.browser.CallWatch;
import org.rotunda.load.browser.Chromium;
import org.rotunda.load.browser.ChromiumExtension;
import org.rotunda.load.browser.GroupCall;
import org.rotunda.load.testkit.Await;

/**
 * Tests a process that is stopped for ten seconds and then continues as if no time had passed, like a frozen virtual
 * machine. Other nodes may have taken over its work. The process must notice the stop before it makes any decision.
 */
@Tag("browser")
@Tag("long")
@ExtendWith(ChromiumExtension.class)
class StoppedProcessTest {
    private static final Duration STOPPED = Duration.ofSeconds(10);
    /** The longest allowed time of a recovery. It includes a restart if the cluster had removed the process. */
    private static final Duration CONVERGED_MAX = Duration.ofSeconds(15);

    /**
     * The time after which the test gives up. It is longer than {@link #CONVERGED_MAX}, so that the report shows how
     * late a recovery was.
     */
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private static final int OTHER_ROOMS = 12;

    private ClusterRig rig;
    private GroupCall call;
    private final List<String> rooms = new ArrayList<>();

    @BeforeEach
    void call(Chromium chromium) {
        rig = ClusterRig.fiveProcesses("stopped-process").start(chromium);
        rig.supervise();
        List<CallPage> pages = List.of(rig.page("alice", "gateway-1"), rig.page("bob", "gateway-2"));
        pages.forEach(CallWatch::prepare);
        call = GroupCall.join(pages, rig.freshRoom(), 320, 180, 15, Map.of("preferredVideoCodecs", "auto"));
        rooms.add(call.room());
        for (int i = 0; i < OTHER_ROOMS; i++) {
            rooms.add(rig.rest(i % 2 == 0 ? "gateway-1" : "gateway-2")
                    .createRoom(rig.freshRoom(), Map.of())
                    .get("sid")
                    .asText());
        }
        call.awaitFlowing();
    }

    @AfterEach
    void end() {
        rig.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"gateway-2", "room-1", "media"})
    void aProcessThatWasStoppedResumesWithoutASplitRoom(String kind) {
        NodeProcess victim = kind.equals("media") ? mediaNodeOfTheCall() : rig.node(kind);
        CallWatch watch = CallWatch.begin(call);
        watch.assertMessagesPass();
        watch.mark();
        List<String> tracks = tracks();

        Duration answered;
        Duration converged;
        try (Owners owners = Owners.watch(rig.roomNodes(), rooms.size())) {
            long stoppedAt = System.nanoTime();
            victim.suspend();
            Await.until(
                    "time to pass", STOPPED.multipliedBy(2), () -> System.nanoTime() - stoppedAt > STOPPED.toNanos());
            long resumedAt = System.nanoTime();
            victim.resume();
            answered = Convergence.besides(victim, rig, rooms).await(PATIENCE, resumedAt);
            Convergence all = new Convergence(rig, rooms);
            converged = all.await(PATIENCE, resumedAt);
            System.out.printf(
                    "stopped %s: every room answers through the others %.1f s after it went on, all nodes are ready"
                            + " after %.1f s (last: %s), started again %d times; %s%n",
                    victim.name(),
                    answered.toMillis() / 1e3,
                    converged.toMillis() / 1e3,
                    all.last(),
                    victim.startsBySupervision(),
                    owners);
            assertThat(owners.splits()).isEmpty();
        }
        watch.awaitFramesFromNow(CallPage.PATIENCE);
        watch.assertMessagesPass();
        System.out.printf("stopped %s: longest pause of video %s ms%n", victim.name(), watch.gaps());

        RoomJournal journal = new RoomJournal(rig.postgres());
        assertThat(rooms)
                .allSatisfy(room -> assertThat(journal.isOneAfterTheOther(room))
                        .as(() -> room + " " + journal.owners(room))
                        .isTrue());
        assertThat(tracks()).isEqualTo(tracks);
        for (NodeProcess gateway : rig.gateways()) {
            assertThat(sids(rig.restOf(gateway.name()).participants(call.room())))
                    .as(gateway.name())
                    .hasSize(call.pages().size());
        }
        for (CallPage page : call.pages()) {
            assertThat(page.eventNames())
                    .doesNotContain("disconnected", "participantDisconnected", "trackUnsubscribed", "trackUnpublished");
        }
        assertThat(converged).isLessThanOrEqualTo(CONVERGED_MAX);
    }

    private NodeProcess mediaNodeOfTheCall() {
        return rig.mediaNodes().stream()
                .filter(node -> node.metrics().sum("rotunda_media_transports") > 0)
                .findFirst()
                .orElseThrow();
    }

    /** Returns the participants and tracks that each page sees, with their SIDs. */
    private List<String> tracks() {
        List<String> all = new ArrayList<>();
        for (CallPage page : call.pages()) {
            all.add(page.identity() + " " + page.evaluate("() => JSON.stringify(call.participants())"));
        }
        return all;
    }

    private static Set<String> sids(JsonNode list) {
        Set<String> sids = new TreeSet<>();
        list.forEach(one -> assertThat(sids.add(one.get("sid").asText())).isTrue());
        return sids;
    }
}
