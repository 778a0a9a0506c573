package org.rotunda.record.store;

/**
 * The reasons for which the store does not do what it was asked. Whoever has a spool file keeps it after each of them.
 */
public enum StoreFailure {
    /**
     * The store does not answer, answers late, or has an error of its own. It may work again without anybody's help.
     */
    AWAY,
    /** The store does not allow it: wrong keys, no such bucket, no permission. Somebody must change something. */
    REFUSED,
    /** The store has no space left. Somebody must make space. */
    FULL,
    /** The bytes that arrived are not those that were sent, or the file changed while it was read. */
    CORRUPT,
    /** The object, or the file that was to be stored, does not exist. */
    MISSING,
    /** Too many requests wait in this process. The request was not begun. */
    BUSY
}
