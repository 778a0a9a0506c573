package org.rotunda.load.relay;

import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.DatagramPacket;
import io.netty.util.concurrent.ScheduledFuture;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * One port of the relay. Clients send to this port instead of a port of the router. Each client gets a flow: a link in
 * each direction and a socket towards the router. Runs on the relay's loop.
 */
final class RelayPort extends SimpleChannelInboundHandler<DatagramPacket> {
    /**
     * The maximum number of clients of one port. Each client needs a socket. A larger number of clients is a mistake in
     * the test, or an attack.
     */
    static final int FLOWS_MAX = 8_192;

    /**
     * The time without datagrams from the client after which a flow is closed. It equals the shortest time for which
     * NATs must keep an idle mapping (RFC 4787 §4.3).
     */
    static final long IDLE_NANOS = TimeUnit.MINUTES.toNanos(2);

    private static final long SWEEP_SECONDS = 30;

    private final InetSocketAddress router;
    private final Function<ChannelHandler, ChannelFuture> binder;
    private final long seed;
    private final Map<InetSocketAddress, RelayFlow> flows = new HashMap<>();
    private final Set<RelayFlow> touched = new HashSet<>(); // The flows that received datagrams in this batch.
    private LinkSchedule up;
    private LinkSchedule down;
    private long startNanos;
    private long flowsBegun;
    private LinkCounts upOfClosed = LinkCounts.NONE;
    private LinkCounts downOfClosed = LinkCounts.NONE;
    private long ownDrops;
    private @Nullable ChannelHandlerContext context;
    private @Nullable ScheduledFuture<?> sweep;

    /** Creates the handler of a port. {@code binder} binds a socket towards the router on the same loop. */
    RelayPort(
            InetSocketAddress router,
            Function<ChannelHandler, ChannelFuture> binder,
            LinkSchedule up,
            LinkSchedule down,
            long seed) {
        this.router = router;
        this.binder = binder;
        this.up = up;
        this.down = down;
        this.seed = seed;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        context = ctx;
        startNanos = nanoTime(ctx);
        sweep = ctx.executor().scheduleAtFixedRate(this::closeIdle, SWEEP_SECONDS, SWEEP_SECONDS, TimeUnit.SECONDS);
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, DatagramPacket datagram) {
        RelayFlow flow = flows.get(datagram.sender());
        if (flow == null) {
            if (flows.size() == FLOWS_MAX) {
                ownDrops++;
                return;
            }
            flow = begin(ctx, datagram.sender());
        }
        flow.onFromClient(datagram.content().retain(), nanoTime(ctx));
        touched.add(flow);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        touched.forEach(RelayFlow::drain);
        touched.clear();
    }

    @SuppressWarnings("FutureReturnValueIgnored") // The listener counts a failure to bind.
    private RelayFlow begin(ChannelHandlerContext ctx, InetSocketAddress client) {
        long ordinal = flowsBegun++;
        RelayFlow flow = new RelayFlow(
                ctx,
                client,
                router,
                new Link(up, random(ordinal, 0), startNanos),
                new Link(down, random(ordinal, 1), startNanos),
                this::onOwnDrop);
        flows.put(client, flow);
        binder.apply(flow).addListener((ChannelFutureListener) bound -> {
            if (!bound.isSuccess()) {
                onOwnDrop();
                end(client, flow);
            }
        });
        return flow;
    }

    /**
     * Returns the random generator of one link. No two links share a generator, so the packets of one client do not
     * change the network of another client.
     */
    private RandomGenerator random(long ordinal, int direction) {
        return new SplittableRandom(seed * 1_000_003 + ordinal * 2 + direction);
    }

    void setSchedules(LinkSchedule nextUp, LinkSchedule nextDown) {
        up = nextUp;
        down = nextDown;
        if (context != null) {
            startNanos = nanoTime(context);
            flows.values().forEach(flow -> flow.setSchedules(nextUp, nextDown, startNanos));
        }
    }

    /** Excludes the flows that exist now from later changes of the schedules. */
    void spareExistingFlows() {
        flows.values().forEach(RelayFlow::spare);
    }

    LinkCounts up() {
        return flows.values().stream().map(RelayFlow::up).reduce(upOfClosed, LinkCounts::plus);
    }

    LinkCounts down() {
        return flows.values().stream().map(RelayFlow::down).reduce(downOfClosed, LinkCounts::plus);
    }

    long ownDrops() {
        return ownDrops;
    }

    private void onOwnDrop() {
        ownDrops++;
    }

    private void closeIdle() {
        ChannelHandlerContext ctx = context;
        if (ctx == null) {
            return;
        }
        long idleSinceNanos = nanoTime(ctx) - IDLE_NANOS;
        Iterator<RelayFlow> all = flows.values().iterator();
        while (all.hasNext()) {
            RelayFlow flow = all.next();
            if (flow.lastFromClientNanos() - idleSinceNanos < 0) {
                all.remove();
                close(flow);
            }
        }
    }

    private void end(InetSocketAddress client, RelayFlow flow) {
        if (flows.remove(client, flow)) {
            close(flow);
        }
    }

    private void close(RelayFlow flow) {
        flow.close();
        upOfClosed = upOfClosed.plus(flow.up());
        downOfClosed = downOfClosed.plus(flow.down());
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        if (sweep != null) {
            sweep.cancel(false);
        }
        flows.values().forEach(this::close);
        flows.clear();
        touched.clear();
    }

    /** Counts a dropped datagram when the kernel refuses it. Any other exception is a bug and closes the port. */
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) throws Exception {
        if (cause instanceof IOException) {
            ownDrops++;
        } else {
            super.exceptionCaught(ctx, cause);
        }
    }

    static long nanoTime(ChannelHandlerContext ctx) {
        return ctx.executor().ticker().nanoTime();
    }
}
