package org.rotunda.load.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.rotunda.load.egress.EgressShape;
import picocli.CommandLine;

class EgressOptionsTest {
    /** Returns the defaults of the command, with another compiler and number of runs. */
    static EgressOptions options(String compiler, int runs, Path directory) {
        return new EgressOptions(
                EgressShape.FANOUT,
                Duration.ofSeconds(15),
                Duration.ofSeconds(10),
                runs,
                compiler,
                false,
                directory,
                Path.of("..").toAbsolutePath().normalize());
    }

    @Test
    void theDefaultsAreTheShapeOfTheGoal(@TempDir Path directory) throws Exception {
        CommandLine.ParseResult parsed = BenchMain.commandLine()
                .parseArgs("egress", "--out", directory.toString())
                .subcommand();
        EgressOptions options = ((EgressBench) parsed.commandSpec().userObject()).options();

        assertThat(options.shape()).isEqualTo(new EgressShape(50, 9, 1_150, 30));
        assertThat(options.measure()).isEqualTo(Duration.ofSeconds(10));
        assertThat(options.runs()).isEqualTo(5);
        assertThat(options.compiler()).isEqualTo("cc");
        assertThat(options.profiling()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "--receivers 0, --receivers must be from 1 to 400: 0",
        "--receivers 401, --receivers must be from 1 to 400: 401",
        "--runs 0, --runs must be at least 1: 0",
        "--measure 21s, '--measure must be from 100 ms to 20 s, because receivers send no checks meanwhile: 21000 ms'",
        "--measure 99ms, --measure must be from 100 ms to 20 s",
        "--warm-up soon, 'a duration is written like 500ms, 30s or 2m, not: soon'",
        "fast, Unmatched argument at index 1: 'fast'"
    })
    void aCommandLineThatCannotBeUsedIsRefused(String line, String message, @TempDir Path directory) {
        StringWriter err = new StringWriter();

        int status = BenchMain.commandLine()
                .setErr(new PrintWriter(err))
                .execute(("egress " + line + " --out " + directory).split(" ", -1));

        assertThat(status).isEqualTo(2);
        assertThat(err.toString()).contains(message);
    }

    @Test
    void helpNamesTheCommandAndItsOptions() {
        assertThat(help("--help")).contains("rotunda bench egress [OPTIONS]");
        assertThat(help("egress", "--help"))
                .contains("--receivers", "--warm-up", "--measure", "--runs", "--cc", "--profile", "--json");
    }

    private static String help(String... arguments) {
        StringWriter out = new StringWriter();
        assertThat(BenchMain.commandLine().setOut(new PrintWriter(out)).execute(arguments))
                .isZero();
        return out.toString();
    }
}
