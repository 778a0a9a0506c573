package org.rotunda.load.browser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rotunda.load.browser.Tracks.microphone;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Tests the insights of the stock SDK when it is pointed at our server. */
@Tag("browser")
@ExtendWith(RigExtension.class)
class InsightsTest {
    /** The SDK reports about media for the first time ten seconds after the connect. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final Duration LOOK_EVERY = Duration.ofMillis(100);

    /** An event in the database. */
    private record Row(String participant, String group, String name, String payload) {
        boolean is(String expectedGroup, String expectedName) {
            return group.equals(expectedGroup) && name.equals(expectedName);
        }
    }

    @Test
    void theEventsOfTheSdkAreStored(Rig rig) throws SQLException {
        CallPage alice = rig.page("alice");
        List<String> console = new ArrayList<>();
        alice.page().onConsoleMessage(message -> {
            if (message.type().equals("error")) {
                console.add(message.text());
            }
        });
        String insights = rig.signalingUrl().replace("/signaling", "/v1/VideoEvents");
        Map<String, Object> joined = alice.join(
                rig.freshRoom(),
                List.of(microphone("microphone")),
                Map.of("insights", true, "wsServerInsights", insights));
        String room = CallPage.text(joined, "room");
        String participant = CallPage.text(joined, "participant");

        await(rig, room, rows -> rows.stream().anyMatch(row -> row.is("room", "connecting")));
        await(rig, room, rows -> rows.stream().anyMatch(row -> row.is("quality", "stats-report")));

        List<Row> rows = rows(rig, room);
        assertThat(rows).allSatisfy(row -> assertThat(row.participant()).isEqualTo(participant));
        assertThat(rows.get(0).is("publisher", "connected")).isTrue();
        assertThat(rows.get(0).payload()).contains("\"name\":\"twilio-video.js\"");
        assertThat(rows).anyMatch(row -> row.group().equals("signaling"));
        assertThat(rows).anyMatch(row -> row.group().equals("ice-connection-state"));
        alice.evaluate("() => call.leave()");
        assertThat(console).isEmpty();
        assertThat(alice.errors()).isEmpty();
    }

    @Test
    void aRefusedInsightsSocketDoesNotHarmTheCall(Rig rig) {
        CallPage alice = rig.page("alice");
        Map<String, Object> joined = alice.join(
                rig.freshRoom(),
                List.of(),
                Map.of("insights", true, "wsServerInsights", rig.signalingUrl())); // Signaling is no insights socket.

        assertThat(joined).containsKey("room");
        assertThat(alice.eventNames()).doesNotContain("disconnected", "reconnecting");
    }

    private static void await(Rig rig, String room, Predicate<List<Row>> condition) throws SQLException {
        Instant deadline = Instant.now().plus(PATIENCE);
        while (!condition.test(rows(rig, room))) {
            if (Instant.now().isAfter(deadline)) {
                throw new AssertionError("waited in vain; stored: " + rows(rig, room));
            }
            LockSupport.parkNanos(LOOK_EVERY.toNanos());
        }
    }

    private static List<Row> rows(Rig rig, String room) throws SQLException {
        try (Connection connection = DriverManager.getConnection(rig.databaseUrl(), "rotunda", "");
                PreparedStatement select =
                        connection.prepareStatement("SELECT * FROM insights_events WHERE room_sid = ? ORDER BY id")) {
            select.setString(1, room);
            List<Row> rows = new ArrayList<>();
            try (ResultSet result = select.executeQuery()) {
                while (result.next()) {
                    rows.add(new Row(
                            result.getString("participant_sid"),
                            result.getString("event_group"),
                            result.getString("event_name"),
                            result.getString("payload")));
                }
            }
            return rows;
        }
    }
}
