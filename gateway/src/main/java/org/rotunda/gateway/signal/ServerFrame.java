package org.rotunda.gateway.signal;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonTypeName;

/** A frame to a client: the TCMP version 2 layer. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(ServerFrame.Welcome.class),
    @JsonSubTypes.Type(ServerFrame.Heartbeat.class),
    @JsonSubTypes.Type(ServerFrame.Busy.class),
    @JsonSubTypes.Type(ServerFrame.Message.class)
})
public sealed interface ServerFrame {

    /**
     * Accepts the hello; nothing may be sent before it.
     *
     * @param negotiatedTimeoutMs how often both sides show that they live
     */
    @JsonTypeName("welcome")
    record Welcome(@JsonProperty("negotiatedTimeout") long negotiatedTimeoutMs) implements ServerFrame {}

    @JsonTypeName("heartbeat")
    record Heartbeat() implements ServerFrame {}

    /**
     * Sends the client away; only valid before the welcome.
     *
     * @param retryAfterMs when to come back; negative: not at all
     * @param keepAlive whether to wait on this socket; otherwise the client closes it with 3005
     */
    @JsonTypeName("busy")
    record Busy(
            @JsonProperty("retryAfter") long retryAfterMs,
            @JsonProperty("keepAlive") boolean keepAlive) implements ServerFrame {}

    @JsonTypeName("msg")
    record Message(@JsonProperty("body") ServerMessage body) implements ServerFrame {}
}
