package org.rotunda.gateway.insights;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.rotunda.gateway.signal.Samples;

class InsightsFrameReaderTest {
    private static final int CHARS_MAX = 64 * 1024;

    /** Returns frames of the stock SDK. */
    static List<String> samples() {
        List<String> samples = new ArrayList<>();
        samples.add(Samples.get("insights", "connect").toString());
        Samples.get("insights", "one_event_per_group_and_name").forEach(event -> samples.add(event.toString()));
        return samples;
    }

    private static InsightsFrameReader.Read read(String text) {
        return InsightsFrameReader.read(text, CHARS_MAX);
    }

    private static String connect() {
        return Samples.get("insights", "connect").toString();
    }

    private static String event(String group, String name, String rest) {
        return "{\"type\":\"event\",\"group\":\"" + group + "\",\"name\":\"" + name + "\"," + rest + "}";
    }

    @Test
    void readsTheConnectOfTheStockSdk() {
        JsonNode sample = Samples.get("insights", "connect");
        InsightsFrame.Connect connect =
                (InsightsFrame.Connect) Objects.requireNonNull(read(connect()).frame());

        assertThat(connect.room().value())
                .isEqualTo(sample.path("publisher").path("roomSid").asText());
        assertThat(connect.participant().value())
                .isEqualTo(sample.path("publisher").path("participantSid").asText());
        assertThat(connect.publisher()).contains("\"sdkVersion\":\"2.36.0\"");
    }

    @Test
    void readsEveryEventOfTheStockSdk() {
        JsonNode events = Samples.get("insights", "one_event_per_group_and_name");
        assertThat(events).hasSizeGreaterThan(20);
        for (JsonNode sample : events) {
            InsightsFrame.Event event = (InsightsFrame.Event)
                    Objects.requireNonNull(read(sample.toString()).frame(), sample::toString);
            assertThat(event.group()).isEqualTo(sample.path("group").asText());
            assertThat(event.name()).isEqualTo(sample.path("name").asText());
            assertThat(event.level())
                    .isEqualTo(sample.path("payload").path("level").asText());
            assertThat(event.happenedAt().toEpochMilli())
                    .isEqualTo(sample.path("timestamp").asLong());
        }
    }

    @Test
    void aPayloadIsAsciiWhateverTheClientSends() {
        InsightsFrame.Event event = (InsightsFrame.Event) Objects.requireNonNull(
                read(event("room", "connected", "\"timestamp\":1,\"payload\":{\"a\":\"é\\u0000\\ud800\"}"))
                        .frame());

        assertThat(event.payload()).isEqualTo("{\"a\":\"\\u00E9\\u0000\\uD800\"}");
        assertThat(StandardCharsets.US_ASCII.newEncoder().canEncode(event.payload()))
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "x | NOT_JSON",
                "[] | NOT_JSON",
                "{} | TYPE_UNKNOWN",
                "{\"type\":\"hello\"} | TYPE_UNKNOWN",
                "{\"type\":\"connect\"} | FIELD_INVALID",
                "{\"type\":\"connect\",\"token\":\"t\",\"publisher\":{\"roomSid\":\"RM1\"}} | FIELD_INVALID",
                "{\"type\":\"event\"} | FIELD_INVALID",
                "{\"type\":\"event\",\"group\":\"g\",\"name\":\"n\"} | FIELD_INVALID",
                "{\"type\":\"event\",\"group\":\"g\",\"name\":\"n\",\"timestamp\":\"1\"} | FIELD_INVALID",
                "{\"type\":\"event\",\"group\":\"g\",\"name\":\"n\",\"timestamp\":1.5} | FIELD_INVALID",
                "{\"type\":\"event\",\"group\":\"g\",\"name\":\"n\",\"timestamp\":-1} | FIELD_INVALID",
                "{\"type\":\"event\",\"group\":\"g\",\"name\":\"n\",\"timestamp\":1e300} | FIELD_INVALID",
                "{\"type\":\"event\",\"group\":\"g\",\"name\":\"n\",\"timestamp\":99999999999999999} | FIELD_INVALID",
                "{\"type\":\"event\",\"group\":\"g\",\"name\":\"n\",\"timestamp\":1,\"payload\":[]} | FIELD_INVALID",
                "{\"type\":\"event\",\"group\":\"\",\"name\":\"n\",\"timestamp\":1} | FIELD_INVALID",
                "{\"type\":\"event\",\"group\":\"\\u0000\",\"name\":\"n\",\"timestamp\":1} | FIELD_INVALID"
            })
    void refusesBadFrames(String text, InsightsFault fault) {
        assertThat(read(text).fault()).isEqualTo(fault);
    }

    @Test
    void readsFieldsOfTheGreatestLengthAndRefusesLongerOnes() {
        String group = "g".repeat(InsightsFrameReader.GROUP_CHARS_MAX);
        String name = "n".repeat(InsightsFrameReader.NAME_CHARS_MAX);
        String rest = "\"timestamp\":1";

        assertThat(read(event(group, name, rest)).fault()).isNull();
        assertThat(read(event(group + "g", name, rest)).fault()).isEqualTo(InsightsFault.FIELD_INVALID);
        assertThat(read(event(group, name + "n", rest)).fault()).isEqualTo(InsightsFault.FIELD_INVALID);
    }

    @Test
    void readsAFrameOfTheGreatestLengthAndRefusesALongerOne() {
        String frame = event("g", "n", "\"timestamp\":1");
        String longest = frame + " ".repeat(CHARS_MAX - frame.length());

        assertThat(read(longest).fault()).isNull();
        assertThat(read(longest + " ").fault()).isEqualTo(InsightsFault.TOO_LARGE);
    }
}
