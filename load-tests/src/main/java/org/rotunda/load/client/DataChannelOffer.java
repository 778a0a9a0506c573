package org.rotunda.load.client;

/**
 * The SDP offer of a client that puts load only on the signaling. The offer has a data channel and no media. The peer
 * connection is never established, because the client sends no connectivity checks.
 */
public final class DataChannelOffer {
    /** The session description. Its ICE credentials and its fingerprint are made up. */
    public static final String SDP = String.join(
            "\r\n",
            "v=0",
            "o=- 1 2 IN IP4 127.0.0.1",
            "s=-",
            "t=0 0",
            "a=group:BUNDLE 0",
            "m=application 9 UDP/DTLS/SCTP webrtc-datachannel",
            "c=IN IP4 0.0.0.0",
            "a=ice-ufrag:data",
            "a=ice-pwd:datachannelofferdatacha0",
            "a=fingerprint:sha-256 " + "00:".repeat(31) + "00",
            "a=setup:actpass",
            "a=mid:0",
            "a=sctp-port:5000",
            "a=max-message-size:262144",
            "");

    private DataChannelOffer() {}
}
