package org.rotunda.load.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ClassHistogramTest {
    private static final String TEXT = """
            4242:
             num     #instances         #bytes  class name (module)
            -------------------------------------------------------
               1:           300          90000  [B (java.base@25.0.3)
               2:            12           9600  org.apache.pekko.actor.ActorCell
               3:             7             70  a.Twin
               4:             2             20  a.Twin
            Total           321          99690
            """;

    @Test
    void objectsAndBytesAreParsed() throws IOException {
        ClassHistogram histogram = ClassHistogram.parse(TEXT);

        assertThat(histogram.totalBytes()).isEqualTo(99_690);
        assertThat(histogram.objects("org.apache.pekko.actor.ActorCell")).isEqualTo(12);
        assertThat(histogram.bytes("[B")).isEqualTo(90_000);
        assertThat(histogram.objects("no.Such")).isZero();
        assertThat(histogram.biggest(2))
                .containsExactly("90000 bytes in 300 [B", "9600 bytes in 12 org.apache.pekko.actor.ActorCell");
    }

    @Test
    void classesOfTheSameNameAreAddedUp() throws IOException {
        assertThat(ClassHistogram.parse(TEXT).classes()).containsEntry("a.Twin", new ClassHistogram.Live(9, 90));
    }

    @Test
    void anAnswerWithoutAHistogramIsRefused() {
        assertThatThrownBy(() -> ClassHistogram.parse("4242:\njava.io.IOException: well-known file is not secure"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("not secure");
    }

    @Test
    void aJvmCannotTakeTheHistogramOfItself() {
        assertThatThrownBy(() -> ClassHistogram.of(
                        Path.of("jcmd"), ProcessHandle.current().pid()))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
