package org.rotunda.room.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.rotunda.media.control.TrackKind;
import org.rotunda.room.protocol.TrackPriority;
import org.rotunda.room.protocol.TrackRule;

/** Tests which JSON texts are rules. The texts are written with single quotes in place of double quotes. */
class RuleGrammarTest {
    @Test
    void readsEveryFilter() {
        assertThat(read(
                        RuleGrammar.SUBSCRIBE,
                        "[{'type':'include','all':true},"
                                + " {'type':'exclude','kind':'video','publisher':'Bob','track':'screen',"
                                + "'priority':'low'}]"))
                .containsExactly(
                        TrackRule.INCLUDE_ALL,
                        new TrackRule(
                                TrackRule.Type.EXCLUDE, false, TrackKind.VIDEO, "Bob", "screen", TrackPriority.LOW));
        assertThat(read(RuleGrammar.RECORDING, "[{'type':'exclude','kind':'audio','publisher':'PA1','track':'MT1'}]"))
                .containsExactly(new TrackRule(TrackRule.Type.EXCLUDE, false, TrackKind.AUDIO, "PA1", "MT1", null));
    }

    /** The REST API of Twilio shows unused filters as null, and applications send back what they have read. */
    @Test
    void takesFiltersThatAreNullAsAbsent() {
        assertThat(read(
                        RuleGrammar.SUBSCRIBE,
                        "[{'type':'include','all':true,'publisher':null,'track':null,'kind':null,'priority':null}]"))
                .containsExactly(TrackRule.INCLUDE_ALL);
        assertThat(read(RuleGrammar.SUBSCRIBE, "[{'type':'include','all':null,'track':'x'}]"))
                .hasSize(1);
    }

    @Test
    void takesTheTextTrueOnlyInRecordingRules() {
        assertThat(read(RuleGrammar.RECORDING, "[{'type':'include','all':'true'}]"))
                .containsExactly(TrackRule.INCLUDE_ALL);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "null",
                "true",
                "{}",
                "[",
                "[]",
                "[null]",
                "[[]]",
                "['include']",
                "[{}]",
                "[{'all':true}]",
                "[{'type':'include'}]",
                "[{'type':'Include','all':true}]",
                "[{'type':'maybe','all':true}]",
                "[{'type':null,'all':true}]",
                "[{'type':['include'],'all':true}]",
                "[{'type':'include','all':false}]",
                "[{'type':'include','all':'false'}]",
                "[{'type':'include','all':1}]",
                "[{'type':'include','all':null}]",
                "[{'type':'include','all':true,'kind':'audio'}]",
                "[{'type':'include','all':true,'all':true}]",
                "[{'type':'include','type':'include','all':true}]",
                "[{'type':'include','kind':'audio','kind':'video'}]",
                "[{'type':'include','kind':'sound'}]",
                "[{'type':'include','kind':'AUDIO'}]",
                "[{'type':'include','kind':7}]",
                "[{'type':'include','publisher':''}]",
                "[{'type':'include','publisher':7}]",
                "[{'type':'include','publisher':{'a':1}}]",
                "[{'type':'include','track':''}]",
                "[{'type':'include','track':'\\u0000'}]",
                "[{'type':'include','track':'\\ud800'}]",
                "[{'type':'include','priority':'urgent'}]",
                "[{'type':'include','all':true,'colour':'red'}]",
                "[{'type':'include','all':true,'colour':null}]",
                "[{'type':'include','all':true}] x",
                "[{'type':'include','all':true}][]",
                "[SubscribeRule(type=include, all=true)]"
            })
    void refusesEverythingElse(String json) {
        assertThat(RuleGrammar.SUBSCRIBE.read(quoted(json))).as(json).isEmpty();
        assertThat(RuleGrammar.RECORDING.read(quoted(json))).as(json).isEmpty();
    }

    @Test
    void refusesWhatOnlyTheOtherRulesMayHave() {
        assertThat(RuleGrammar.SUBSCRIBE.read(quoted("[{'type':'include','all':'true'}]")))
                .isEmpty();
        assertThat(RuleGrammar.RECORDING.read(quoted("[{'type':'include','kind':'data'}]")))
                .isEmpty();
        assertThat(RuleGrammar.RECORDING.read(quoted("[{'type':'include','priority':'low'}]")))
                .isEmpty();
    }

    @Test
    void readsTwentyRulesAndRefusesMore() {
        String rule = "{'type':'include','all':true}";
        String most = String.join(",", Collections.nCopies(TrackRule.RULES_MAX, rule));

        assertThat(read(RuleGrammar.SUBSCRIBE, "[" + most + "]")).hasSize(TrackRule.RULES_MAX);
        assertThat(RuleGrammar.SUBSCRIBE.read(quoted("[" + most + "," + rule + "]")))
                .isEmpty();
    }

    @Test
    void readsTheLongestNameAndRefusesALongerOne() {
        String longest = "n".repeat(TrackRule.FILTER_CHARS_MAX);

        assertThat(read(RuleGrammar.SUBSCRIBE, "[{'type':'include','track':'" + longest + "'}]"))
                .singleElement()
                .satisfies(rule -> assertThat(rule.track()).isEqualTo(longest));
        assertThat(RuleGrammar.SUBSCRIBE.read(quoted("[{'type':'include','track':'" + longest + "n'}]")))
                .isEmpty();
        assertThat(RuleGrammar.SUBSCRIBE.read(quoted("[{'type':'include','publisher':'" + longest + "n'}]")))
                .isEmpty();
    }

    @Test
    void refusesDeepNestingWithoutReadingIt() {
        assertThat(RuleGrammar.SUBSCRIBE.read("[".repeat(100_000))).isEmpty();
    }

    @Test
    void writesOnlyTheFieldsThatARuleUses() {
        assertThat(RuleGrammar.write(List.of(
                                TrackRule.EXCLUDE_ALL,
                                new TrackRule(
                                        TrackRule.Type.INCLUDE,
                                        false,
                                        TrackKind.DATA,
                                        "bob",
                                        "chat",
                                        TrackPriority.HIGH)))
                        .toString())
                .isEqualTo(quoted("[{'type':'exclude','all':true},"
                        + "{'type':'include','kind':'data','publisher':'bob','track':'chat','priority':'high'}]"));
    }

    private static List<TrackRule> read(RuleGrammar grammar, String json) {
        return grammar.read(quoted(json)).orElseThrow();
    }

    private static String quoted(String json) {
        return json.replace('\'', '"');
    }
}
