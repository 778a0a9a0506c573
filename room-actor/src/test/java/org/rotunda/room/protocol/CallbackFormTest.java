package org.rotunda.room.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.LinkedHashMap;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** Tests that the stored form of a callback's parameters keeps their order and every character. */
class CallbackFormTest {
    @Test
    void encodesAsBrowsersEncodeForms() {
        Map<String, String> parameters = new LinkedHashMap<>();
        parameters.put("RoomName", "Daily Standup");
        parameters.put("Timestamp", "2024-03-01T10:15:30.123Z");
        parameters.put("ParticipantIdentity", "Zoë & 🎥=+%");

        String form = CallbackForm.encode(parameters);

        assertThat(form)
                .isEqualTo("RoomName=Daily+Standup&Timestamp=2024-03-01T10%3A15%3A30.123Z"
                        + "&ParticipantIdentity=Zo%C3%AB+%26+%F0%9F%8E%A5%3D%2B%25");
        assertThat(CallbackForm.decode(form)).containsExactlyEntriesOf(parameters);
    }

    @Test
    void decodesNothingFromNothing() {
        assertThat(CallbackForm.decode("")).isEmpty();
        assertThatThrownBy(() -> CallbackForm.decode("a")).isInstanceOf(IllegalArgumentException.class);
    }

    @Property(tries = 500)
    void keepsEveryStorableText(@ForAll String name, @ForAll String value) {
        if (StorableText.isStorable(name) && StorableText.isStorable(value)) {
            assertThat(CallbackForm.decode(CallbackForm.encode(Map.of(name, value))))
                    .isEqualTo(Map.of(name, value));
        }
    }
}
