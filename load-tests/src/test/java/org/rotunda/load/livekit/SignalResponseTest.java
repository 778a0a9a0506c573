package org.rotunda.load.livekit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.google.protobuf.InvalidProtocolBufferException;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** Reads responses as LiveKit's own Go package (github.com/livekit/protocol 1.50) writes them. */
class SignalResponseTest {
    /** A join response with a room, a participant and another participant who publishes a track. */
    private static final String JOIN = "0a450a0e0a04524d5f31120666616e6f757412100a0450415f3112087669657765722d30"
            + "1a1b0a0450415f3012097075626c697368657222080a0454525f3110013001500f5805";

    private static final String TRICKLE = "227f0a7b7b2263616e646964617465223a2263616e6469646174653a31203120756470"
            + "2032313330373036343331203132372e302e302e312032303030312074797020686f7374222c227364704d6964223a22222c"
            + "227364704d4c696e65496e646578223a302c22757365726e616d65467261676d656e74223a6e756c6c7d1001";

    private static SignalResponse parse(String hex) throws InvalidProtocolBufferException, JsonProcessingException {
        return SignalResponse.parse(HexFormat.of().parseHex(hex));
    }

    @Test
    void theFirstMessageTellsHowOftenToPing() throws Exception {
        assertThat(parse(JOIN)).isEqualTo(new SignalResponse.Joined(5));
    }

    @Test
    void descriptionsAreReadAndAnOfferHasAnId() throws Exception {
        assertThat(parse("12110a06616e737765721205763d300d0a1801")).isEqualTo(new SignalResponse.Answer("v=0\r\n"));
        assertThat(parse("1a1c0a056f666665721205763d300d0a18ac0222090a0130120454525f31"))
                .isEqualTo(new SignalResponse.Offer("v=0\r\n", 300));
    }

    @Test
    void aCandidateIsTakenFromTheJsonInItsMessage() throws Exception {
        assertThat(parse(TRICKLE))
                .isEqualTo(new SignalResponse.Candidate("candidate:1 1 udp 2130706431 127.0.0.1 20001 typ host"));
    }

    @Test
    void anAddedTrackAndTheEndOfTheSessionAreRead() throws Exception {
        assertThat(parse("320c0a02696412060a0454525f31")).isEqualTo(new SignalResponse.TrackAdded("id"));
        assertThat(parse("42021002")).isEqualTo(new SignalResponse.Left(2));
    }

    @Test
    void otherMessagesSuchAsTheAnswerToAPingAreOfNoInterest() throws Exception {
        assertThat(parse("a2010408011002")).isEqualTo(new SignalResponse.Other());
        assertThat(parse("")).isEqualTo(new SignalResponse.Other());
    }

    @Test
    void brokenBytesAreRefused() {
        assertThatThrownBy(() -> parse(JOIN.substring(0, JOIN.length() - 2)))
                .isInstanceOf(InvalidProtocolBufferException.class);
        assertThatThrownBy(() -> parse("22030a017b")).isInstanceOf(JsonProcessingException.class);
    }
}
