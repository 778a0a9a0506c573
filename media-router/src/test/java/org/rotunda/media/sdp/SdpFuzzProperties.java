package org.rotunda.media.sdp;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.rotunda.media.codec.Codec;
import org.rotunda.media.control.Description;
import org.rotunda.media.stun.IceCredentials;

/**
 * Properties of SDP from a hostile peer: nothing throws, whatever the text is, and our own descriptions can be read.
 */
class SdpFuzzProperties {
    private static final String[] SNIPPETS = {
        "\r\n",
        "\n",
        "\r",
        "a=",
        "m=",
        "m=video 9 UDP/TLS/RTP/SAVPF 96",
        "a=mid:0\r\n",
        "a=extmap:15/x",
        " ",
        ":",
        ";",
        "=",
        "-1",
        "99999999999999999999",
        "a=ssrc-group:SIM 1 1 1\r\n",
        "a=ssrc-group:FID\r\n",
        "a=ssrc-group\r\n",
        "a=ssrc:\r\n",
        "a=rtpmap:96\r\n",
        "a=fmtp:96 \r\n",
        "a=rtcp-fb:* nack\r\n",
        "a=fmtp:97 apt=97\r\n",
        "profile-level-id=zzzzzz",
        "\0",
        "\uD800",
        "a=bundle-only\r\n",
        "a=inactive\r\n"
    };

    @Property(tries = 1_000)
    void parsesAnyText(@ForAll String text) {
        SdpParser.parse(text);
        SdpParser.parse("v=0\r\n" + text);
    }

    /**
     * Tests the text that we write for a description that was read. It has the same content, stays within the parser's
     * limits, and is well-formed UTF-8.
     */
    @Property(tries = 2_000)
    void descriptionsAreWrittenAsTheyWereRead(
            @ForAll @IntRange(max = 8) int golden,
            @ForAll @IntRange(min = 1, max = 12) int mutations,
            @ForAll boolean isUnix,
            @ForAll long seed) {
        String mutated = mutate(Goldens.text(Goldens.NAMES.get(golden)), mutations, new Random(seed));
        String text = isUnix ? mutated.replace("\r\n", "\n") : mutated;
        if (SdpParser.parse(text) instanceof SdpResult.Parsed parsed) {
            String written = parsed.description().toText();
            assertThat(Goldens.parse(written)).isEqualTo(parsed.description());
            assertThat(new String(written.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8))
                    .isEqualTo(written);
        }
    }

    @Example
    void halfOfASurrogatePairIsRefused() {
        assertThat(SdpParser.parse("v=0\r\na=\uD83D\uDE00\r\n")).isInstanceOf(SdpResult.Parsed.class);
        assertThat(SdpParser.parse("v=0\r\na=\uD83D\r\n")).isEqualTo(new SdpResult.Malformed(SdpFault.BAD_LINE, 2));
        assertThat(SdpParser.parse("v=0\r\na=\uDE00\r\n")).isEqualTo(new SdpResult.Malformed(SdpFault.BAD_LINE, 2));
    }

    /**
     * Tests a text whose lines end in LF. The text is within the length limit. But we would write it with CRLF, and
     * that text would exceed the limit, so the parser must refuse it.
     */
    @Example
    void lengthIsThatOfTheWrittenText() {
        String line = "a=" + "x".repeat(1_000) + "\n";
        String text = "v=0\n" + ("m=audio 9 p 0\n" + line.repeat(100)).repeat(10) + line.repeat(45);
        assertThat(text).hasSizeLessThan(SdpParser.LENGTH_MAX);
        assertThat(SdpParser.parse(text)).isInstanceOf(SdpResult.Malformed.class);
    }

    @Property(tries = 1_000)
    void takesOrRefusesAMutatedOfferAndAnswersWhatItTakes(
            @ForAll @IntRange(max = 8) int golden,
            @ForAll @IntRange(min = 1, max = 12) int mutations,
            @ForAll long seed) {
        String offer = mutate(Goldens.text(Goldens.NAMES.get(golden)), mutations, new Random(seed));
        RecordingSink sink = new RecordingSink();
        Negotiation negotiation = negotiation(sink);

        negotiation.onRemoteDescription(new Description(Description.Type.OFFER, 1, offer), 0);

        if (sink.faults.isEmpty()) {
            Description answer = sink.descriptions.get(0);
            SessionDescription ours = Goldens.parse(answer.sdp());
            SessionDescription theirs = Goldens.parse(offer);
            assertThat(ours.media()).extracting(MediaSection::mid).isEqualTo(mids(theirs));
            assertThat(ours.media()).extracting(MediaSection::media).isEqualTo(medias(theirs));
            assertThat(sink.descriptions.size()).isLessThanOrEqualTo(2);
            NegotiationTable table = negotiation.snapshot();
            assertThat(NegotiationTableCodec.decode(NegotiationTableCodec.encode(table)))
                    .isEqualTo(table);
        } else {
            assertThat(sink.descriptions).isEmpty();
            assertThat(sink.plans).isEmpty();
        }
    }

    @Property(tries = 500)
    void takesOrRefusesAMutatedAnswer(@ForAll @IntRange(min = 1, max = 12) int mutations, @ForAll long seed) {
        RecordingSink sink = new RecordingSink();
        Negotiation negotiation = negotiation(sink);
        negotiation.onRemoteDescription(
                new Description(Description.Type.OFFER, 1, Goldens.text("offer-audio-video")), 0);
        String answer = sink.last().sdp().replace("a=setup:actpass", "a=setup:active");
        sink.descriptions.clear();

        negotiation.onRemoteDescription(
                new Description(Description.Type.ANSWER, 2, mutate(answer, mutations, new Random(seed))), 0);

        assertThat(negotiation.isOffering()).isEqualTo(!sink.faults.isEmpty() || !sink.descriptions.isEmpty());
    }

    @Property(tries = 500)
    void readsItsOwnDescriptions(@ForAll("descriptions") SessionDescription description) {
        assertThat(Goldens.parse(description.toText())).isEqualTo(description);
    }

    @Provide
    Arbitrary<SessionDescription> descriptions() {
        Arbitrary<String> word =
                Arbitraries.strings().withCharRange('!', '~').ofMinLength(1).ofMaxLength(8);
        Arbitrary<String> value = Arbitraries.strings().withCharRange(' ', '~').ofMaxLength(30);
        Arbitrary<SdpLine> line = Combinators.combine(
                        Arbitraries.chars().with('a', 'b', 'c', 'i', 'k', 'o', 's', 't'), value)
                .as(SdpLine::new);
        Arbitrary<MediaSection> section = Combinators.combine(
                        word,
                        Arbitraries.integers().between(0, 0xFFFF),
                        word,
                        word.list().ofMinSize(1).ofMaxSize(5),
                        line.list().ofMaxSize(10))
                .as(MediaSection::new);
        return Combinators.combine(line.list().ofMaxSize(5), section.list().ofMaxSize(4))
                .as((lines, media) -> {
                    List<SdpLine> all = new ArrayList<>();
                    all.add(new SdpLine('v', "0"));
                    all.addAll(lines);
                    return new SessionDescription(all, media);
                });
    }

    private static Negotiation negotiation(RecordingSink sink) {
        Negotiation negotiation = new Negotiation(
                new LocalParameters("u", "p", "sha-256 AA", List.of(), Set.of(Codec.VP8, Codec.H264)),
                () -> new IceCredentials("v", "q"),
                1,
                sink);
        negotiation.setDesired(
                List.of(
                        new OutgoingTrack("a", "sa", MediaKind.AUDIO, 1, -1, "c"),
                        new OutgoingTrack("b", "sb", MediaKind.VIDEO, 2, 3, "c")),
                true,
                0);
        return negotiation;
    }

    private static List<String> mids(SessionDescription session) {
        return session.media().stream()
                .map(section -> Objects.requireNonNull(section.mid()))
                .toList();
    }

    private static List<String> medias(SessionDescription session) {
        return session.media().stream().map(MediaSection::media).toList();
    }

    /** Cuts, doubles, flips and inserts characters. */
    private static String mutate(String text, int mutations, Random random) {
        StringBuilder mutated = new StringBuilder(text);
        for (int i = 0; i < mutations && mutated.length() > 0; i++) {
            int at = random.nextInt(mutated.length());
            int end = Math.min(mutated.length(), at + 1 + random.nextInt(40));
            switch (random.nextInt(6)) {
                case 0 -> mutated.delete(at, end);
                case 1 -> mutated.insert(at, mutated.substring(at, end));
                case 2 -> mutated.setCharAt(at, (char) random.nextInt(128));
                case 3 -> mutated.insert(at, SNIPPETS[random.nextInt(SNIPPETS.length)]);
                case 4 -> deleteLine(mutated, at);
                default -> mutated.setCharAt(at, (char) ('0' + random.nextInt(10)));
            }
        }
        return mutated.toString();
    }

    private static void deleteLine(StringBuilder text, int at) {
        int start = text.lastIndexOf("\n", at) + 1;
        int end = text.indexOf("\n", at);
        text.delete(start, end < 0 ? text.length() : end + 1);
    }
}
