package org.rotunda.load.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.rotunda.load.process.JdkHome;
import picocli.CommandLine;

class RestOptionsTest {
    private static final JdkHome JDK = new JdkHome(Path.of("/jdk"), "25.0.1", "");

    /** Returns the defaults of the command. */
    static RestOptions options(JdkHome jdk) {
        return options(EnumSet.allOf(RestPart.class), 1_000_000, jdk);
    }

    private static RestOptions options(Set<RestPart> parts, int roomsListed, JdkHome jdk) {
        return new RestOptions(
                parts,
                roomsListed,
                32,
                Duration.ofSeconds(30),
                Duration.ofSeconds(30),
                3,
                5_000,
                4,
                64,
                Optional.empty(),
                jdk,
                Path.of("out"),
                Path.of("."));
    }

    @Test
    void listsNeedSomePages() {
        assertThatThrownBy(() -> options(Set.of(RestPart.LISTS), RestOptions.ROOMS_LISTED_MIN - 1, JDK))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("--rooms-listed must be at least 200");
        assertThatCode(() -> options(Set.of(RestPart.LISTS), RestOptions.ROOMS_LISTED_MIN, JDK))
                .doesNotThrowAnyException();
        assertThatCode(() -> options(Set.of(RestPart.CREATES), 0, JDK)).doesNotThrowAnyException();
    }

    private static RestOptions parse(String... arguments) throws Exception {
        CommandLine.ParseResult parsed =
                BenchMain.commandLine().parseArgs(arguments).subcommand();
        return ((RestBench) parsed.commandSpec().userObject()).options();
    }

    @Test
    void thePartsAndTheDatabaseAreReadFromTheCommandLine(@TempDir Path directory) throws Exception {
        RestOptions options = parse(
                "rest",
                "lists",
                "creates",
                "--measure",
                "5s",
                "--db-url",
                "jdbc:postgresql://db/bench",
                "--db-password",
                "secret",
                "--out",
                directory.toString());

        assertThat(options.parts()).containsExactlyInAnyOrder(RestPart.CREATES, RestPart.LISTS);
        assertThat(options.measure()).isEqualTo(Duration.ofSeconds(5));
        assertThat(options.database()).contains(new DatabaseAccess("jdbc:postgresql://db/bench", "rotunda", "secret"));
        assertThat(options.database().orElseThrow().toString()).doesNotContain("secret");
    }

    @Test
    void allPartsAreMeasuredUnlessSomeAreNamed(@TempDir Path directory) throws Exception {
        RestOptions options = parse("rest", "--out", directory.toString());

        assertThat(options.parts()).containsExactlyInAnyOrder(RestPart.values());
        assertThat(options.roomsListed()).isEqualTo(1_000_000);
        assertThat(options.callers()).isEqualTo(32);
        assertThat(options.database()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "rest --callers 0, --callers must be at least 1",
        "rest --measure 10ms, --measure must be at least 1 s",
        "rest nothing, Unmatched argument at index 1",
        "fanout --runs 0, --runs must be at least 1",
        "--runs 1, 'a SCENARIO, rest or egress is missing'"
    })
    void aCommandLineThatCannotBeUsedIsRefused(String line, String message, @TempDir Path directory) {
        StringWriter err = new StringWriter();

        int status = BenchMain.commandLine()
                .setErr(new PrintWriter(err))
                .execute((line + " --out " + directory).split(" ", -1));

        assertThat(status).isEqualTo(2);
        assertThat(err.toString()).contains(message);
    }
}
