package org.rotunda.media.sdp;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;
import org.rotunda.media.codec.Codec;
import org.rotunda.media.control.Description;
import org.rotunda.media.stun.IceCredentials;

/**
 * Fuzzes the negotiation with descriptions of a client, in any order and mixed with changes of our own media.
 *
 * <p>An input is a text of steps. A step begins with a line such as {@code #offer 1}; the lines of its description
 * follow. No line of a description may begin with {@code #}, so the parser misses nothing.
 */
class NegotiationFuzzTest {
    private static final long SECOND = 1_000_000_000L;
    private static final int STEPS_MAX = 16;
    private static final List<OutgoingTrack> TRACKS = List.of(
            new OutgoingTrack("a", "sa", MediaKind.AUDIO, 1, OutgoingTrack.NO_RTX, "c"),
            new OutgoingTrack("b", "sb", MediaKind.VIDEO, 2, 3, "c"),
            new OutgoingTrack("d", "sd", MediaKind.VIDEO, 4, 5, "c"));

    static Stream<byte[]> seeds() {
        String offer = Goldens.text("offer-audio-video");
        RecordingSink sink = new RecordingSink();
        Negotiation negotiation = negotiation(sink);
        negotiation.onRemoteDescription(new Description(Description.Type.OFFER, 1, offer), 0);
        negotiation.setDesired(TRACKS, true, 0);
        // The client's answer has the shape of our offer.
        String answer = sink.last().sdp().replace("a=setup:actpass", "a=setup:active");
        return Stream.concat(
                        Goldens.NAMES.stream()
                                .filter(name -> name.startsWith("offer"))
                                .map(name -> "#offer 1\n" + Goldens.text(name) + "#desired 3\n#move\n"),
                        Stream.of(
                                "#offer 1\n" + offer + "#desired 3\n#answer 2\n" + answer + "#desired 1\n#move\n",
                                "#desired 2\n#offer 1\n" + offer + "#restart\n#offer 3\n" + offer + "#timeout 30\n",
                                "#ask\n#offer 2\n" + Goldens.text("offer-data-track") + "#close\n#offer 4\n" + offer))
                .map(FuzzText::bytes);
    }

    @MethodSource("seeds")
    @FuzzTest
    void takesOrRefusesEachDescription(byte[] bytes) {
        RecordingSink sink = new RecordingSink();
        Negotiation negotiation = negotiation(sink);
        long nowNanos = 0;
        String[] steps = FuzzText.of(bytes).split("(?m)^#", STEPS_MAX + 1);
        for (int i = 1; i < steps.length; i++) {
            int line = steps[i].indexOf('\n');
            String[] words = (line < 0 ? steps[i] : steps[i].substring(0, line)).split(" ", -1);
            String body = line < 0 ? "" : steps[i].substring(line + 1);
            int number = words.length < 2 ? 0 : number(words[1]);
            switch (words[0]) {
                case "offer" -> onOffer(negotiation, sink, new Description(Description.Type.OFFER, number, body));
                case "answer" -> onAnswer(negotiation, sink, new Description(Description.Type.ANSWER, number, body));
                case "close" ->
                    negotiation.onRemoteDescription(new Description(Description.Type.CLOSE, number, body), nowNanos);
                case "ask" -> negotiation.requestOffer();
                case "desired" ->
                    negotiation.setDesired(TRACKS.subList(0, number % (TRACKS.size() + 1)), number % 2 == 1, nowNanos);
                case "restart" -> negotiation.restartIce(local("fresh" + number), nowNanos);
                case "timeout" -> {
                    nowNanos += number * SECOND;
                    if (negotiation.nextDeadlineNanos() <= nowNanos) {
                        negotiation.onTimeout(nowNanos);
                        assertThat(negotiation.nextDeadlineNanos()).isGreaterThan(nowNanos);
                    }
                }
                case "move" -> negotiation = moved(negotiation, sink, nowNanos);
                default -> {
                    // An unknown step changes nothing.
                }
            }
            checkOurs(sink);
        }
    }

    private static int number(String word) {
        return word.isEmpty() || word.length() > 3 || !word.chars().allMatch(c -> c >= '0' && c <= '9')
                ? 0
                : Integer.parseInt(word);
    }

    private static void onOffer(Negotiation negotiation, RecordingSink sink, Description offer) {
        int descriptions = sink.descriptions.size();
        int faults = sink.faults.size();
        int plans = sink.plans.size();
        Description taken = negotiation.lastRemote();
        negotiation.onRemoteDescription(offer, 0);
        if (sink.faults.size() > faults) {
            assertThat(sink.faults).hasSize(faults + 1);
            assertThat(sink.plans).hasSize(plans);
        } else if (!Objects.equals(negotiation.lastRemote(), taken)) {
            // The offer was taken: our answer has the same m-lines in the same order.
            Description answer = sink.descriptions.get(descriptions);
            SessionDescription ours = Goldens.parse(answer.sdp());
            SessionDescription theirs = Goldens.parse(offer.sdp());
            assertThat(answer.type()).isEqualTo(Description.Type.ANSWER);
            assertThat(answer.revision()).isEqualTo(offer.revision());
            assertThat(ours.media().stream().map(MediaSection::mid).toList())
                    .isEqualTo(theirs.media().stream().map(MediaSection::mid).toList());
            assertThat(ours.media().stream().map(MediaSection::media).toList())
                    .isEqualTo(theirs.media().stream().map(MediaSection::media).toList());
        }
    }

    private static void onAnswer(Negotiation negotiation, RecordingSink sink, Description answer) {
        boolean wasOffering = negotiation.isOffering();
        int descriptions = sink.descriptions.size();
        int plans = sink.plans.size();
        negotiation.onRemoteDescription(answer, 0);
        if (!wasOffering) {
            assertThat(sink.plans).hasSize(plans);
            assertThat(sink.descriptions).hasSize(descriptions);
        }
    }

    /** Continues on another node, as after the loss of this one. */
    private static Negotiation moved(Negotiation from, RecordingSink sink, long nowNanos) {
        NegotiationTable table = from.snapshot();
        NegotiationTable read = NegotiationTableCodec.decode(NegotiationTableCodec.encode(table));
        assertThat(read).isEqualTo(table);
        return Negotiation.takeOver(
                read, local("moved"), () -> new IceCredentials("v", "q"), TRACKS, true, sink, nowNanos);
    }

    /** Checks that the client can read our last description and the last plan. */
    private static void checkOurs(RecordingSink sink) {
        if (!sink.descriptions.isEmpty() && !sink.last().sdp().isEmpty()) {
            SessionDescription ours = Goldens.parse(sink.last().sdp());
            List<String> mids = ours.media().stream()
                    .map(section -> Objects.requireNonNull(section.mid()))
                    .toList();
            assertThat(mids).doesNotHaveDuplicates();
            assertThat(mids).containsAll(ours.bundle());
        }
        if (!sink.plans.isEmpty()) {
            MediaPlan plan = sink.plan();
            assertThat(plan.lines().stream().map(MediaPlan.Line::mid)).doesNotHaveDuplicates();
            assertThat(plan.lines()).allMatch(line -> !line.payloads().isEmpty());
        }
    }

    private static LocalParameters local(String ufrag) {
        return new LocalParameters(ufrag, "p", "sha-256 AA", List.of(), Set.of(Codec.VP8, Codec.H264));
    }

    private static Negotiation negotiation(RecordingSink sink) {
        return new Negotiation(local("u"), () -> new IceCredentials("v", "q"), 1, sink);
    }
}
