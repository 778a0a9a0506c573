/**
 * The rates at which this node serves requests: token buckets of accounts and of addresses. The bucket is pure; everything
 * else is safe to use from any thread.
 */
@NullMarked
package org.rotunda.gateway.limit;

import org.jspecify.annotations.NullMarked;
