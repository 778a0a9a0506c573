package org.rotunda.media.ice;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import java.net.SocketAddress;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A table of addresses, built from the agent's events. It must agree with the agent's own answers. */
final class AddressTable implements IceLiteAgent.Sink {
    final Set<SocketAddress> addresses = new HashSet<>();

    @Nullable
    SocketAddress selected;

    @Override
    public void transmit(ByteBuf datagram, SocketAddress remote) {
        datagram.release();
    }

    @Override
    public void addressValidated(SocketAddress remote) {
        assertThat(addresses.add(remote)).isTrue();
    }

    @Override
    public void addressExpired(SocketAddress remote) {
        assertThat(addresses.remove(remote)).isTrue();
    }

    @Override
    public void selectedAddressChanged(SocketAddress remote) {
        assertThat(addresses).contains(remote);
        selected = remote;
    }

    @Override
    public void credentialsRetired(String localUfrag) {}

    @Override
    public void consentLost() {
        assertThat(selected).isNotNull();
        selected = null;
    }
}
