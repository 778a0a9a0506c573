package org.rotunda.media.net;

import io.netty.buffer.ByteBufAllocator;
import java.util.concurrent.Executor;

/**
 * The parts of a loop that its core needs.
 *
 * @param index the index of the loop, from zero
 * @param allocator the allocator of the datagrams that the core sends; direct and pooled
 * @param executor the executor that runs a task and then a drain on the loop; any thread may call it
 */
public record LoopContext(int index, ByteBufAllocator allocator, Executor executor) {}
