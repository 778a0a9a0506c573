package org.rotunda.media.sdp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class SdpParserTest {
    private static final String HEAD = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n";

    static java.util.List<String> goldens() {
        return Goldens.NAMES;
    }

    @ParameterizedTest
    @MethodSource("goldens")
    void writesARecordedDescriptionByteForByte(String name) {
        String text = Goldens.text(name);

        assertThat(Goldens.parse(text).toText()).isEqualTo(text);
    }

    @ParameterizedTest
    @MethodSource("goldens")
    void takesLinesThatEndInLfAlone(String name) {
        String text = Goldens.text(name);

        assertThat(Goldens.parse(text.replace("\r\n", "\n")).toText()).isEqualTo(text);
    }

    @Test
    void readsTheAttributesOfAnMLine() {
        MediaSection video = Goldens.parsed("offer-simulcast").media().get(1);

        assertThat(video.kind()).isEqualTo(MediaKind.VIDEO);
        assertThat(video.mid()).isEqualTo("1");
        assertThat(video.direction()).isEqualTo(Direction.SENDRECV);
        assertThat(video.attribute("msid")).isEqualTo("- 334ecbea-c46c-4954-9d72-d161d97e0b51");
        assertThat(video.attribute("x-google-flag")).isEqualTo("conference");
        assertThat(video.attribute("rtcp-mux")).isEmpty();
        assertThat(video.attribute("rtcp")).isEqualTo("9 IN IP4 0.0.0.0");
        assertThat(video.attribute("nothing")).isNull();
        assertThat(Goldens.parsed("offer-simulcast").bundle()).containsExactly("0", "1");
    }

    @Test
    void distinguishesABundleOnlyLineFromARejectedOne() {
        SessionDescription session =
                Goldens.parse(HEAD + "m=audio 0 X 0\r\na=mid:0\r\nm=audio 0 X 0\r\na=bundle-only\r\n");

        assertThat(session.media().get(0).isRejected()).isTrue();
        assertThat(session.media().get(1).isRejected()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "'', BAD_VERSION",
        "'v=1\n', BAD_VERSION",
        "'o=- 1 1 IN IP4 0.0.0.0\n', BAD_VERSION",
        "'v=0\nv=0\n', BAD_VERSION",
        "'v=0\n\na=x\n', BAD_LINE",
        "'v=0\nnonsense\n', BAD_LINE",
        "'v=0\nA=x\n', BAD_LINE",
        "'v=0\na=x\ry\n', BAD_LINE",
        "'v=0\nm=audio 9\n', BAD_M_LINE",
        "'v=0\nm=audio 70000 X 0\n', BAD_M_LINE",
        "'v=0\nm=audio nine X 0\n', BAD_M_LINE"
    })
    void namesTheFaultOfAMalformedDescription(String text, SdpFault fault) {
        assertThat(SdpParser.parse(text))
                .isInstanceOfSatisfying(
                        SdpResult.Malformed.class,
                        malformed -> assertThat(malformed.fault()).isEqualTo(fault));
    }

    @Test
    void refusesTextBeyondItsLimits() {
        assertFault("v=0\n" + "a=x\n".repeat(SdpParser.LENGTH_MAX / 4), SdpFault.TOO_LARGE);
        assertFault("v=0\na=" + "x".repeat(SdpParser.LINE_LENGTH_MAX) + "\n", SdpFault.LINE_TOO_LONG);
        assertFault("v=0\n" + "a=x\n".repeat(SdpParser.LINES_PER_SECTION_MAX), SdpFault.TOO_MANY_LINES);
        String section = "m=audio 9 X 0\n" + "a=x\n".repeat(SdpParser.LINES_PER_SECTION_MAX);
        assertFault("v=0\n" + section.repeat(SdpParser.LINES_MAX / 1_000), SdpFault.TOO_MANY_LINES);
        assertFault("v=0\n" + "m=audio 9 X 0\n".repeat(SdpParser.M_LINES_MAX + 1), SdpFault.TOO_MANY_M_LINES);
        assertFault("v=0\nm=audio 9 X" + " 0".repeat(SdpParser.FORMATS_MAX + 1) + "\n", SdpFault.BAD_M_LINE);
    }

    private static void assertFault(String text, SdpFault fault) {
        assertThat(SdpParser.parse(text))
                .isInstanceOfSatisfying(
                        SdpResult.Malformed.class,
                        malformed -> assertThat(malformed.fault()).isEqualTo(fault));
    }
}
