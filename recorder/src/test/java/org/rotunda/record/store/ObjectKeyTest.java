package org.rotunda.record.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests the names of objects. */
class ObjectKeyTest {
    @Test
    void namesConsistOfSids() {
        assertThat(Keys.RECORDING.path()).isEqualTo(Keys.AC + "/" + Keys.RM + "/" + Keys.RT + ".mkv");
        assertThat(Keys.RECORDING.fileName()).isEqualTo(Keys.RT + ".mkv");
        assertThat(ObjectKey.ofSegment(Keys.RT, 2, MediaFormat.MKA).path()).isEqualTo("segments/" + Keys.RT + ".2.mka");
        assertThat(ObjectKey.alone(Keys.RT, MediaFormat.MKA).path()).isEqualTo(Keys.RT + ".mka");
        assertThat(ObjectKey.parse(Keys.RECORDING.path())).isEqualTo(Keys.RECORDING);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "..", "../../etc/passwd", "RT", "RTC3", ".incoming", "RT\0", "RT/x"})
    void textsFromOutsideAreNoNames(String sid) {
        assertThatThrownBy(() -> ObjectKey.alone(sid, MediaFormat.MKA)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ObjectKey.ofRoom(Keys.AC, sid, Keys.RT, MediaFormat.MKA))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ObjectKey.parse("segments/" + sid + ".mka"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aSegmentHasANumberInBounds() {
        assertThatThrownBy(() -> ObjectKey.ofSegment(Keys.RT, -1, MediaFormat.MKA))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ObjectKey.ofSegment(Keys.RT, 1_000_000, MediaFormat.MKA))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
