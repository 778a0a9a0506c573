package org.rotunda.room.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.jspecify.annotations.Nullable;
import org.rotunda.media.control.TrackKind;
import org.rotunda.room.protocol.ParticipantSid;
import org.rotunda.room.protocol.TrackPriority;
import org.rotunda.room.protocol.TrackRule;
import org.rotunda.room.protocol.TrackSid;

/** Properties of rules with random rules and random rooms. */
class RuleProperties {
    private static final List<String> NAMES = List.of("x", "y", "screen");

    /** The specification: each rule forms the set of the tracks that it matches, which is added or taken away. */
    @Property(tries = 2000)
    void theSetIsFormedRuleByRule(@ForAll long seed) {
        Random random = new Random(seed);
        List<Track> room = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            room.add(track(random));
        }
        List<TrackRule> rules = rules(random);
        boolean start = random.nextBoolean();
        Set<Track> expected = new HashSet<>(start ? room : List.of());
        for (TrackRule rule : rules) {
            List<Track> matched =
                    room.stream().filter(track -> passes(rule, track)).toList();
            if (rule.type() == TrackRule.Type.INCLUDE) {
                expected.addAll(matched);
            } else {
                matched.forEach(expected::remove);
            }
        }

        for (Track track : room) {
            assertThat(TrackSelection.selects(rules, start, track))
                    .as("%s of %s", track, rules)
                    .isEqualTo(expected.contains(track));
        }
        assertThat(TrackSelection.canSelect(rules, start) || expected.isEmpty()).isTrue();
    }

    @Property(tries = 1000)
    void rulesAreReadAsTheyWereWritten(@ForAll long seed) {
        List<TrackRule> rules = rules(new Random(seed));

        assertThat(RuleGrammar.SUBSCRIBE.read(RuleGrammar.write(rules).toString()))
                .contains(rules);
    }

    @Property(tries = 3000)
    void damagedRulesAreReadOrRefused(@ForAll long seed) {
        Random random = new Random(seed);
        StringBuilder text = new StringBuilder(RuleGrammar.write(rules(random)).toString());
        for (int i = random.nextInt(6); i >= 0 && text.length() > 1; i--) {
            int at = random.nextInt(text.length());
            switch (random.nextInt(3)) {
                case 0 -> text.setCharAt(at, "{}[]\",:0x\\-e".charAt(random.nextInt(12)));
                case 1 -> text.deleteCharAt(at);
                default -> text.setLength(at);
            }
        }
        for (RuleGrammar grammar : RuleGrammar.values()) {
            grammar.read(text.toString())
                    .ifPresent(rules -> assertThat(rules)
                            .isNotEmpty()
                            .allSatisfy(rule -> assertThat(rule.all()).isNotEqualTo(hasFilter(rule))));
        }
    }

    private static boolean hasFilter(TrackRule rule) {
        return rule.kind() != null || rule.publisher() != null || rule.track() != null || rule.priority() != null;
    }

    private static boolean passes(TrackRule rule, Track track) {
        return (rule.kind() == null || rule.kind().equals(track.trackKind()))
                && (rule.priority() == null || rule.priority().equals(track.trackPriority()))
                && (rule.publisher() == null
                        || Set.of(
                                        track.publisherIdentity(),
                                        track.publisherSid().value())
                                .contains(rule.publisher()))
                && (rule.track() == null
                        || Set.of(track.trackName(), track.trackSid().value()).contains(rule.track()));
    }

    private static List<TrackRule> rules(Random random) {
        List<TrackRule> rules = new ArrayList<>();
        for (int i = random.nextInt(6); i >= 0; i--) {
            rules.add(rule(random));
        }
        return rules;
    }

    private static TrackRule rule(Random random) {
        TrackRule.Type type = oneOf(random, TrackRule.Type.values());
        TrackRule filtered = new TrackRule(
                type,
                false,
                random.nextBoolean() ? oneOf(random, TrackKind.values()) : null,
                nameOrSid(random, ParticipantSid.PREFIX),
                nameOrSid(random, TrackSid.PREFIX),
                random.nextInt(4) == 0 ? oneOf(random, TrackPriority.values()) : null);
        return hasFilter(filtered) ? filtered : new TrackRule(type, true, null, null, null, null);
    }

    private static @Nullable String nameOrSid(Random random, String prefix) {
        return switch (random.nextInt(4)) {
            case 0 -> NAMES.get(random.nextInt(NAMES.size()));
            case 1 -> sid(random, prefix);
            default -> null;
        };
    }

    private static String sid(Random random, String prefix) {
        return prefix + String.format("%032x", random.nextInt(3));
    }

    private static Track track(Random random) {
        return new Track(
                new ParticipantSid(sid(random, ParticipantSid.PREFIX)),
                NAMES.get(random.nextInt(NAMES.size())),
                new TrackSid(sid(random, TrackSid.PREFIX)),
                NAMES.get(random.nextInt(NAMES.size())),
                oneOf(random, TrackKind.values()),
                oneOf(random, TrackPriority.values()));
    }

    private static <T> T oneOf(Random random, T[] values) {
        return Objects.requireNonNull(values[random.nextInt(values.length)]);
    }

    private record Track(
            ParticipantSid publisherSid,
            String publisherIdentity,
            TrackSid trackSid,
            String trackName,
            TrackKind trackKind,
            TrackPriority trackPriority)
            implements TrackSelection.Candidate {}
}
