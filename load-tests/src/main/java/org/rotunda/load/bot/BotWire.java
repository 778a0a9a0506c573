package org.rotunda.load.bot;

import io.netty.buffer.Unpooled;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Sends arbitrary packets from a bot's address and with the bot's keys, as a hostile participant could. Callable from
 * any thread; takes ownership of all arrays.
 */
public final class BotWire {
    private final BotAgent agent;

    BotWire(BotAgent agent) {
        this.agent = agent;
    }

    /** Sets the listener for everything the bot sends; null removes the listener. */
    public void setTap(@Nullable WireTap tap) {
        execute(() -> agent.setTap(tap));
    }

    /** Sends a datagram unchanged from the bot's address. */
    public void sendDatagram(byte[] datagram) {
        execute(() -> agent.sendDatagram(Unpooled.wrappedBuffer(datagram)));
    }

    /** Sends an RTP packet, protected with the bot's keys. */
    public void sendRtp(byte[] plain) {
        execute(() -> agent.sendRtp(Unpooled.wrappedBuffer(plain)));
    }

    /** Sends an RTCP packet, protected with the bot's keys. */
    public void sendRtcp(byte[] plain) {
        execute(() -> agent.sendRtcp(Unpooled.wrappedBuffer(plain)));
    }

    /** Sends a record of application data. The router expects SCTP in such records. */
    public void sendApplicationData(byte[] bytes) {
        execute(() -> agent.sendApplicationData(bytes));
    }

    /** Sends a record of any content type, encrypted with the bot's keys, so that its authentication succeeds. */
    public void sendRecord(int contentType, byte[] plain) {
        execute(() -> agent.sendRecord(contentType, plain));
    }

    /**
     * Adds a MESSAGE-INTEGRITY with the bot's credentials and a FINGERPRINT to a connectivity check, and sends the
     * check.
     */
    public void sendSignedCheck(byte[] check) {
        execute(() -> agent.sendDatagram(Unpooled.wrappedBuffer(agent.media().signed(check))));
    }

    /** Sends a text frame on the signaling socket. */
    public void sendSignaling(String text) {
        execute(() -> agent.client().sendRaw(text));
    }

    /** Returns a connectivity check with valid credentials. Waits for the loop. */
    public byte[] connectivityCheck() {
        return CompletableFuture.supplyAsync(
                        () -> agent.media().connectivityCheck(), agent.loop().executor())
                .join();
    }

    /** Returns the router's address; null until the router has answered a check. Waits for the loop. */
    public @Nullable InetSocketAddress router() {
        CompletableFuture<@Nullable InetSocketAddress> answer = new CompletableFuture<>();
        execute(() -> answer.complete(agent.media().remote()));
        return answer.join();
    }

    private void execute(Runnable task) {
        agent.loop().executor().execute(task);
    }
}
