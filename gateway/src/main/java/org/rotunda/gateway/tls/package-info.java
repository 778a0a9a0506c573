/**
 * The certificate of the HTTPS port: read from PEM files, and read again when the files change. New connections get the
 * new certificate; a file that cannot be used changes nothing.
 */
@NullMarked
package org.rotunda.gateway.tls;

import org.jspecify.annotations.NullMarked;
