package org.rotunda.media.ice;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.net.InetSocketAddress;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;
import org.rotunda.media.stun.IceCredentials;
import org.rotunda.media.stun.StunIntegrity;
import org.rotunda.media.stun.StunWriter;
import org.rotunda.media.stun.StunWriter.BindingRequest;
import org.rotunda.media.testkit.FuzzInput;

/** Fuzzes the ICE agent with connectivity checks, some of them with the right key, and with passing time. */
class IceFuzzTest {
    // Without leak tracking: the garbage collector takes these buffers.
    private static final ByteBufAllocator ALLOCATOR = new UnpooledByteBufAllocator(false, true);
    private static final long SECOND = 1_000_000_000L;
    private static final int RESTART = 0;
    private static final int SIGNED = 1;
    private static final int AS_IT_IS = 2;
    private static final int STEPS = 3;

    /** Each step is a kind, the seconds until the step, the port of the sender, and the message if there is one. */
    static Stream<byte[]> seeds() {
        byte[] check = check(0, false);
        byte[] nomination = check(0, true);
        byte[] withoutKey = ByteBufUtil.getBytes(
                StunWriter.bindingRequest(ALLOCATOR, request(0, true), new StunIntegrity("another key")));
        return Stream.of(
                new FuzzInput.Writer()
                        .number(SIGNED)
                        .number(0)
                        .number(1)
                        .block(check)
                        .number(SIGNED)
                        .number(1)
                        .number(2)
                        .block(nomination)
                        .bytes(),
                new FuzzInput.Writer()
                        .number(SIGNED)
                        .number(0)
                        .number(1)
                        .block(nomination)
                        .number(RESTART)
                        .number(2)
                        .number(1)
                        .number(SIGNED)
                        .number(0)
                        .number(1)
                        .block(check(1, true))
                        .bytes(),
                new FuzzInput.Writer()
                        .number(SIGNED)
                        .number(0)
                        .number(1)
                        .block(nomination)
                        .number(AS_IT_IS)
                        .number(31)
                        .number(3)
                        .block(withoutKey)
                        .bytes());
    }

    @MethodSource("seeds")
    @FuzzTest
    void eventsAndAnswersAgree(byte[] bytes) {
        FuzzInput input = new FuzzInput(bytes);
        int generation = 0;
        IceLiteAgent agent = new IceLiteAgent(ALLOCATOR, credentials(generation));
        AddressTable table = new AddressTable();
        long now = 0;
        while (input.hasMore()) {
            int kind = input.number() % STEPS;
            now += input.number() * SECOND;
            InetSocketAddress source = new InetSocketAddress("192.0.2.1", 1 + input.number());
            if (kind == RESTART) {
                agent.restart(credentials(++generation), table);
            } else {
                byte[] message = input.block();
                byte[] sent = kind == SIGNED
                        ? StunWriter.signed(
                                message, new StunIntegrity(agent.local().pwd()))
                        : message;
                ByteBuf datagram = FuzzInput.datagram(sent);
                agent.onBindingRequest(datagram, source, now, table);
                assertThat(datagram.refCnt()).isOne();
            }
            if (agent.nextDeadlineNanos() <= now) {
                agent.onTimeout(now, table);
                assertThat(agent.nextDeadlineNanos()).isGreaterThan(now);
            }
            assertThat(table.addresses).hasSizeLessThanOrEqualTo(IceLiteAgent.PAIRS_MAX);
            assertThat(agent.selectedAddress()).isEqualTo(table.selected);
            assertThat(agent.isConsentFresh(now)).isEqualTo(table.selected != null);
            assertThat(table.addresses)
                    .allMatch(each -> TcpRemote.addressOf(each).getPort() <= 256);
        }
    }

    private static IceCredentials credentials(int generation) {
        return new IceCredentials("ours" + generation, "thePasswordOfGeneration" + generation);
    }

    private static BindingRequest request(int generation, boolean nominates) {
        return new BindingRequest(new byte[12], credentials(generation).ufrag() + ":theirs", 1, true, 1, nominates);
    }

    /** Returns a check without MESSAGE-INTEGRITY and FINGERPRINT, which take the last 32 bytes. */
    private static byte[] check(int generation, boolean nominates) {
        ByteBuf signed =
                StunWriter.bindingRequest(ALLOCATOR, request(generation, nominates), new StunIntegrity("any key"));
        return ByteBufUtil.getBytes(signed, 0, signed.readableBytes() - 32);
    }
}
