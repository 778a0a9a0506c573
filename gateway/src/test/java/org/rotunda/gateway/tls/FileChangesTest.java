package org.rotunda.gateway.tls;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FileChangesTest {
    private final FileChanges changes = new FileChanges("first");

    @Test
    void sameContentsAreNoChange() {
        assertThat(changes.look("first")).isFalse();
        assertThat(changes.look("first")).isFalse();
    }

    @Test
    void aChangeCountsOnceItHasSettled() {
        assertThat(changes.look("second")).isFalse();
        assertThat(changes.look("second")).isTrue();
        assertThat(changes.look("second")).isFalse();
    }

    @Test
    void contentsThatAreStillBeingWrittenAreLeftAlone() {
        assertThat(changes.look("sec")).isFalse();
        assertThat(changes.look("secon")).isFalse();
        assertThat(changes.look("second")).isFalse();
        assertThat(changes.look("second")).isTrue();
    }

    @Test
    void contentsThatWereTriedAndComeBackAreTriedAgain() {
        changes.look("broken");
        assertThat(changes.look("broken")).isTrue();
        changes.look("first");
        assertThat(changes.look("first")).isTrue();
    }
}
