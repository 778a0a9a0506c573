package org.rotunda.record.store;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A range of IP addresses, written as an address or as {@code ADDRESS/BITS}. Immutable. The gateway has the same class
 * for callbacks; this module lies below the gateway and cannot use it.
 */
final class AddressRange {
    /** An IPv4 address in the usual notation. {@link InetAddress} takes other numbers too, in several ways. */
    static final Pattern DOTTED_QUAD = Pattern.compile(
            "(0|[1-9][0-9]?|1[0-9]{2}|2[0-4][0-9]|25[0-5])(\\.(0|[1-9][0-9]?|1[0-9]{2}|2[0-4][0-9]|25[0-5])){3}");

    private static final Pattern V6 = Pattern.compile("[0-9A-Fa-f:]*:[0-9A-Fa-f:.]*");

    private final byte[] prefix;
    private final int bits;

    private AddressRange(byte[] prefix, int bits) {
        if (bits < 0 || bits > prefix.length * Byte.SIZE) {
            throw new IllegalArgumentException("an address of this kind has no " + bits + " bits");
        }
        this.prefix = prefix;
        this.bits = bits;
    }

    /** Returns the IPv6 addresses that end in an IPv4 address, which the socket reaches (RFC 4291, 2.5.5.2). */
    static AddressRange mappedV4() {
        byte[] prefix = new byte[16];
        prefix[10] = (byte) 0xFF;
        prefix[11] = (byte) 0xFF;
        return new AddressRange(prefix, 96);
    }

    /** Returns whether the text has the form of a range. Host names have another form. */
    static boolean isRange(String text) {
        return text.indexOf('/') >= 0 || isLiteral(text);
    }

    static AddressRange parse(String text) {
        int slash = text.indexOf('/');
        String address = slash < 0 ? text : text.substring(0, slash);
        if (!isLiteral(address)) {
            throw new IllegalArgumentException("not an IP address: " + address);
        }
        try {
            byte[] bytes = InetAddress.getByName(address).getAddress(); // A literal is not looked up.
            int bits = slash < 0 ? bytes.length * Byte.SIZE : Integer.parseInt(text.substring(slash + 1));
            return new AddressRange(bytes, bits);
        } catch (UnknownHostException | NumberFormatException unusable) {
            throw new IllegalArgumentException("not a range of IP addresses: " + text, unusable);
        }
    }

    /** Reads an IP address, without looking anything up. Returns nothing if the text is none. */
    static Optional<InetAddress> address(String text) {
        try {
            return isLiteral(text) ? Optional.of(InetAddress.getByName(text)) : Optional.empty();
        } catch (UnknownHostException unusable) {
            return Optional.empty(); // The text has the letters of an address, and is none.
        }
    }

    private static boolean isLiteral(String text) {
        return DOTTED_QUAD.matcher(text).matches() || V6.matcher(text).matches();
    }

    boolean contains(byte[] address) {
        if (address.length != prefix.length) {
            return false;
        }
        int whole = bits / Byte.SIZE;
        if (!Arrays.equals(address, 0, whole, prefix, 0, whole)) {
            return false;
        }
        int rest = bits % Byte.SIZE;
        return rest == 0 || ((address[whole] ^ prefix[whole]) & 0xFF) >> (Byte.SIZE - rest) == 0;
    }
}
