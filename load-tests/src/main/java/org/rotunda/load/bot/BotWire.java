package org.rotunda.load.bot;

import io.netty.buffer.Unpooled;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The bare wire of a bot, from its own address and with its own keys: for hostile traffic that comes from a participant. Any thread;
 * arrays are handed over.
 */
public final class BotWire {
    private final BotAgent agent;

    BotWire(BotAgent agent) {
        this.agent = agent;
    }

    /** Hears everything the bot sends, null for nobody. */
    public void setTap(@Nullable WireTap tap) {
        execute(() -> agent.setTap(tap));
    }

    /** A datagram as it is, from the bot's address. */
    public void sendDatagram(byte[] datagram) {
        execute(() -> agent.sendDatagram(Unpooled.wrappedBuffer(datagram)));
    }

    /** An RTP packet, protected with the bot's keys. */
    public void sendRtp(byte[] plain) {
        execute(() -> agent.sendRtp(Unpooled.wrappedBuffer(plain)));
    }

    /** An RTCP packet, protected with the bot's keys. */
    public void sendRtcp(byte[] plain) {
        execute(() -> agent.sendRtcp(Unpooled.wrappedBuffer(plain)));
    }

    /** A record of application data, where SCTP is expected. */
    public void sendApplicationData(byte[] bytes) {
        execute(() -> agent.sendApplicationData(bytes));
    }

    /** A record of any content type under the bot's keys: what DTLS does with it once it is authentic. */
    public void sendRecord(int contentType, byte[] plain) {
        execute(() -> agent.sendRecord(contentType, plain));
    }

    /** A connectivity check that was made up, signed with the bot's credentials; without integrity and fingerprint, which are added. */
    public void sendSignedCheck(byte[] check) {
        execute(() -> agent.sendDatagram(Unpooled.wrappedBuffer(agent.media().signed(check))));
    }

    /** A text frame on the signaling socket. */
    public void sendSignaling(String text) {
        execute(() -> agent.client().sendRaw(text));
    }

    /** A connectivity check with valid credentials. Waits for the loop. */
    public byte[] connectivityCheck() {
        return CompletableFuture.supplyAsync(
                        () -> agent.media().connectivityCheck(), agent.loop().executor())
                .join();
    }

    /** Where the router is. Waits for the loop. */
    public @Nullable InetSocketAddress router() {
        CompletableFuture<@Nullable InetSocketAddress> answer = new CompletableFuture<>();
        execute(() -> answer.complete(agent.media().remote()));
        return answer.join();
    }

    private void execute(Runnable task) {
        agent.loop().executor().execute(task);
    }
}
