package org.rotunda.gateway.signal;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonTypeName;

/** A frame to a client, in version 2 of Twilio's connection protocol (TCMP). */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(ServerFrame.Welcome.class),
    @JsonSubTypes.Type(ServerFrame.Heartbeat.class),
    @JsonSubTypes.Type(ServerFrame.Busy.class),
    @JsonSubTypes.Type(ServerFrame.Message.class)
})
public sealed interface ServerFrame {

    /**
     * Accepts the hello. No message may be sent before the welcome.
     *
     * @param negotiatedTimeoutMs the interval between heartbeats, in both directions
     */
    @JsonTypeName("welcome")
    record Welcome(@JsonProperty("negotiatedTimeout") long negotiatedTimeoutMs) implements ServerFrame {}

    @JsonTypeName("heartbeat")
    record Heartbeat() implements ServerFrame {}

    /**
     * Tells the client to come back later. This frame is only valid before the welcome.
     *
     * @param retryAfterMs the pause before the next hello; a negative value makes the client give up
     * @param keepAlive true makes the client send the next hello on this socket; false makes the client close the
     *     socket with code 3005
     */
    @JsonTypeName("busy")
    record Busy(
            @JsonProperty("retryAfter") long retryAfterMs,
            @JsonProperty("keepAlive") boolean keepAlive) implements ServerFrame {}

    @JsonTypeName("msg")
    record Message(@JsonProperty("body") ServerMessage body) implements ServerFrame {}
}
