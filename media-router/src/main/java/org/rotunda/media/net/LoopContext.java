package org.rotunda.media.net;

import io.netty.buffer.ByteBufAllocator;
import java.util.concurrent.Executor;

/**
 * The things that a core gets from the loop it will run on.
 *
 * @param index the loop's place, from zero
 * @param allocator for the datagrams the core sends; direct and pooled
 * @param executor runs a task on the loop, followed by a drain; from any thread
 */
public record LoopContext(int index, ByteBufAllocator allocator, Executor executor) {}
