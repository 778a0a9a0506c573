package org.rotunda.gateway.turn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests which URLs of STUN and TURN servers are given to browsers. */
class IceUrlTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "stun:stun.example.com",
                "stun:203.0.113.1:3478",
                "stuns:stun.example.com:5349",
                "turn:turn.example.com",
                "turn:turn.example.com?transport=udp",
                "turn:turn.example.com:3478?transport=tcp",
                "turns:turn.example.com:443?transport=tcp",
                "turn:[2001:db8::1]:3478",
                "turn:t"
            })
    void takesWhatBrowsersTake(String text) {
        assertThat(IceUrl.parse(text)).get().hasToString(text);
        assertThat(IceUrl.parse(text).orElseThrow().isTurn()).isEqualTo(text.startsWith("turn"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "turn.example.com",
                "turn:",
                "turn://turn.example.com",
                "http://turn.example.com",
                "turn:user@turn.example.com",
                "turn:turn.example.com:0",
                "turn:turn.example.com:65536",
                "turn:turn.example.com:",
                "turn:turn.example.com:port",
                "turn:turn.example.com?transport=sctp",
                "turn:turn.example.com/path",
                "stun:stun.example.com?transport=udp",
                "turn:turn example.com",
                "turn:turn.example.com\n",
                "turn:-example.com"
            })
    void refusesWhatBrowsersRefuse(String text) {
        assertThat(IceUrl.parse(text)).isEmpty();
    }

    @Test
    void aRefusalNamesTheKeyAndAnExample() {
        assertThatThrownBy(() -> IceUrl.require("rotunda.turn.urls[1]", "turn://t"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("rotunda.turn.urls[1] must be a stun:, stuns:, turn: or turns: URL, such as"
                        + " turn:turn.example.com:3478?transport=udp, not: turn://t");
    }
}
