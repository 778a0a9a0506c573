package org.rotunda.media.ice;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.rotunda.media.stun.IceCredentials;
import org.rotunda.media.stun.StunIntegrity;
import org.rotunda.media.stun.StunWriter;
import org.rotunda.media.stun.StunWriter.BindingRequest;

/**
 * Properties of the agent under random inputs: checks from many ports, damaged datagrams, restarts and passing time.
 */
class IceLiteAgentProperties {
    private static final long SECOND = 1_000_000_000L;

    @Property(tries = 200)
    void eventsAndAnswersAgree(@ForAll @Size(max = 120) byte[] script) {
        Random random = new Random(script.length);
        IceLiteAgent agent = new IceLiteAgent(UnpooledByteBufAllocator.DEFAULT, IceCredentials.generate(random));
        AddressTable table = new AddressTable();
        long now = 0;
        for (byte step : script) {
            now += (step & 3) * SECOND;
            int choice = step >> 2 & 0x3F;
            if (choice == 0) {
                agent.restart(IceCredentials.generate(random), table);
            } else {
                ByteBuf check = check(agent.local(), random, choice % 5 == 0);
                if (choice % 7 == 0) {
                    check.setByte(random.nextInt(check.readableBytes()), choice);
                }
                agent.onBindingRequest(check, new InetSocketAddress("192.0.2.1", 1 + choice), now, table);
                check.release();
            }
            if (agent.nextDeadlineNanos() <= now) {
                agent.onTimeout(now, table);
                assertThat(agent.nextDeadlineNanos()).isGreaterThan(now);
            }
            assertThat(table.addresses).hasSizeLessThanOrEqualTo(IceLiteAgent.PAIRS_MAX);
            assertThat(agent.selectedAddress()).isEqualTo(table.selected);
            assertThat(agent.isConsentFresh(now)).isEqualTo(table.selected != null);
            for (SocketAddress address : table.addresses) {
                assertThat(agent.isValidated(address, now)).isTrue();
            }
        }
    }

    private static ByteBuf check(IceCredentials ours, Random random, boolean nominates) {
        byte[] transactionId = new byte[12];
        random.nextBytes(transactionId);
        BindingRequest check = new BindingRequest(transactionId, ours.ufrag() + ":peer", 1, true, 1, nominates);
        return StunWriter.bindingRequest(UnpooledByteBufAllocator.DEFAULT, check, new StunIntegrity(ours.pwd()));
    }

    @Property(tries = 1000)
    void randomDatagramsChangeNothing(@ForAll @Size(max = 200) byte[] bytes) {
        IceLiteAgent agent = new IceLiteAgent(UnpooledByteBufAllocator.DEFAULT, IceCredentials.generate(new Random(1)));
        AddressTable table = new AddressTable();
        agent.onBindingRequest(Unpooled.wrappedBuffer(bytes), new InetSocketAddress("192.0.2.1", 1), 0, table);
        assertThat(table.addresses).isEmpty();
        assertThat(agent.checks()).isZero();
    }
}
