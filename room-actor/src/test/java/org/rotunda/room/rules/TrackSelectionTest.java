package org.rotunda.room.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.rotunda.media.control.TrackKind;
import org.rotunda.room.protocol.ParticipantSid;
import org.rotunda.room.protocol.TrackPriority;
import org.rotunda.room.protocol.TrackRule;
import org.rotunda.room.protocol.TrackSid;

/** Tests the tracks that rules select, in a room of three participants. */
class TrackSelectionTest {
    private static final List<SampleTrack> ROOM = List.of(
            track("a-audio", "A", TrackKind.AUDIO, "a-audio"),
            track("a-cam", "A", TrackKind.VIDEO, "a-cam"),
            track("a-screen", "A", TrackKind.VIDEO, "screen"),
            track("b-audio", "B", TrackKind.AUDIO, "b-audio"),
            track("b-cam", "B", TrackKind.VIDEO, "b-cam"),
            track("b-screen", "B", TrackKind.VIDEO, "screen"),
            track("c-audio", "C", TrackKind.AUDIO, "c-audio"),
            track("c-cam", "C", TrackKind.VIDEO, "c-cam"),
            track("c-data", "C", TrackKind.DATA, "c-data"));

    /** The columns: the subscriber, its rules in JSON with single quotes, and the tracks that it receives. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "A | [{'type':'include','all':true},{'type':'exclude','kind':'video'},"
                        + "{'type':'include','publisher':'B','track':'screen'}] | b-audio b-screen c-audio c-data",
                "A | [{'type':'include','track':'screen'}] | b-screen",
                "A | [{'type':'exclude','kind':'video'}] | ''",
                "C | [{'type':'include','all':true},{'type':'exclude','publisher':'B','kind':'audio'},"
                        + "{'type':'exclude','kind':'video','track':'screen'}] | a-audio a-cam b-cam",
                "A | [{'type':'include','kind':'data'},{'type':'exclude','publisher':'C'}] | ''",
                "A | [{'type':'exclude','publisher':'C'},{'type':'include','kind':'data'}] | c-data",
                "A | [{'type':'include','publisher':'A'}] | ''",
                "A | [{'type':'include','publisher':'b'}] | ''",
                "A | [{'type':'include','track':'Screen'}] | ''",
                "A | [{'type':'include','priority':'standard'},{'type':'exclude','all':true}] | ''",
                "B | [{'type':'include','publisher':'nobody yet'}] | ''"
            })
    void rulesActOnTheSetInTheirOrder(String subscriber, String rules, String expected) {
        List<TrackRule> read =
                RuleGrammar.SUBSCRIBE.read(rules.replace('\'', '"')).orElseThrow();

        assertThat(ROOM.stream()
                        .filter(track -> !track.publisherIdentity().equals(subscriber))
                        .filter(track -> TrackSelection.selects(read, false, track))
                        .map(SampleTrack::label)
                        .collect(Collectors.joining(" ")))
                .isEqualTo(expected.replace("''", ""));
    }

    @Test
    void publisherAndTrackMayBeSids() {
        SampleTrack track = ROOM.get(4);

        assertThat(TrackSelection.matches(
                        rule(track.publisherSid().value(), track.trackSid().value()), track))
                .isTrue();
        assertThat(TrackSelection.matches(rule(track.publisherSid().value(), "PA" + "0".repeat(32)), track))
                .isFalse();
    }

    @Test
    void aPriorityMatchesThePublishersPriority() {
        TrackRule low = new TrackRule(TrackRule.Type.INCLUDE, false, null, null, null, TrackPriority.LOW);

        assertThat(TrackSelection.matches(low, ROOM.get(0))).isFalse();
        assertThat(TrackSelection.matches(low, ROOM.get(0).with(TrackPriority.LOW)))
                .isTrue();
    }

    @Test
    void rulesMayActOnASetThatHasEverything() {
        TrackRule noVideo = new TrackRule(TrackRule.Type.EXCLUDE, false, TrackKind.VIDEO, null, null, null);

        assertThat(TrackSelection.selects(List.of(noVideo), true, ROOM.get(0))).isTrue();
        assertThat(TrackSelection.selects(List.of(noVideo), true, ROOM.get(1))).isFalse();
    }

    @Test
    void rulesCanSelectSomethingUnlessNothingFollowsAnExcludeOfAll() {
        TrackRule noVideo = new TrackRule(TrackRule.Type.EXCLUDE, false, TrackKind.VIDEO, null, null, null);

        assertThat(TrackSelection.canSelect(List.of(noVideo), false)).isFalse();
        assertThat(TrackSelection.canSelect(List.of(noVideo), true)).isTrue();
        assertThat(TrackSelection.canSelect(List.of(noVideo, TrackRule.EXCLUDE_ALL), true))
                .isFalse();
        assertThat(TrackSelection.canSelect(List.of(TrackRule.INCLUDE_ALL), false))
                .isTrue();
        assertThat(TrackSelection.canSelect(List.of(TrackRule.INCLUDE_ALL, TrackRule.EXCLUDE_ALL), false))
                .isFalse();
    }

    private static TrackRule rule(String publisher, String track) {
        return new TrackRule(TrackRule.Type.INCLUDE, false, null, publisher, track, null);
    }

    private static SampleTrack track(String label, String publisher, TrackKind kind, String name) {
        return new SampleTrack(
                label,
                new ParticipantSid("PA" + sid(publisher)),
                publisher,
                new TrackSid("MT" + sid(label)),
                name,
                kind,
                TrackPriority.STANDARD);
    }

    private static String sid(String text) {
        return String.format("%032x", text.hashCode() & 0xffff_ffffL);
    }

    /** A track with a label that no other track of the room has. */
    private record SampleTrack(
            String label,
            ParticipantSid publisherSid,
            String publisherIdentity,
            TrackSid trackSid,
            String trackName,
            TrackKind trackKind,
            TrackPriority trackPriority)
            implements TrackSelection.Candidate {
        private SampleTrack with(TrackPriority priority) {
            return new SampleTrack(label, publisherSid, publisherIdentity, trackSid, trackName, trackKind, priority);
        }
    }
}
