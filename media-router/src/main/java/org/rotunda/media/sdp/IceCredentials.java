package org.rotunda.media.sdp;

/** The user name fragment and password of one ICE generation (RFC 8839 §5.4). */
public record IceCredentials(String ufrag, String pwd) {}
