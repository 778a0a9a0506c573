package org.rotunda.gateway.tls;

/**
 * Decides when changed files are read. A change counts once two looks in a row have found the same contents, so that
 * files are not read while somebody writes them, or while only one of two has been replaced. Used by one thread.
 */
final class FileChanges {
    private String seen;
    private String tried;

    /** @param digest the digest of the contents that are in use */
    FileChanges(String digest) {
        seen = digest;
        tried = digest;
    }

    /**
     * Tells what a look has found.
     *
     * @return true if these contents are new and have settled; each of them once
     */
    boolean look(String digest) {
        boolean hasSettled = digest.equals(seen);
        seen = digest;
        if (!hasSettled || digest.equals(tried)) {
            return false;
        }
        tried = digest;
        return true;
    }
}
