package org.rotunda.media.control;

/**
 * One session description of a peer connection as it travels between client and router.
 *
 * @param type offer, answer, a request for an offer, or the end of the connection
 * @param revision the position in the negotiation of this connection, counted from 1
 * @param sdp the text; empty for {@link Type#CREATE_OFFER} and {@link Type#CLOSE}
 */
public record Description(Type type, long revision, String sdp) {

    /** The kinds of descriptions, in the words of the signaling protocol. */
    public enum Type {
        OFFER,
        ANSWER,
        CREATE_OFFER,
        CLOSE
    }
}
