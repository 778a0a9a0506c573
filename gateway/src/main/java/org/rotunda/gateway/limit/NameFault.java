package org.rotunda.gateway.limit;

/** What can be wrong with a name or an identity. */
public enum NameFault {
    EMPTY,
    TOO_LONG,
    CHARS
}
