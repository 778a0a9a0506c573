package org.rotunda.media.sdp;

/**
 * One line of a session description: {@code type=value} (RFC 8866 §5). Attributes are the lines of type {@code a}.
 *
 * @param type the single letter before the equals sign
 * @param value the rest of the line, without its end
 */
public record SdpLine(char type, String value) {
    /** Returns a property attribute, {@code a=name}. */
    public static SdpLine flag(String name) {
        return new SdpLine('a', name);
    }

    /** Returns a value attribute, {@code a=name:value}. */
    public static SdpLine attribute(String name, String value) {
        return new SdpLine('a', name + ':' + value);
    }

    boolean isAttribute(String name) {
        return type == 'a'
                && value.startsWith(name)
                && (value.length() == name.length() || value.charAt(name.length()) == ':');
    }

    /** Returns the value after the attribute's name and colon, or an empty text for a flag. */
    String attributeValue(String name) {
        return value.length() == name.length() ? "" : value.substring(name.length() + 1);
    }
}
