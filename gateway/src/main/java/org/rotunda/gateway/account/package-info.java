/**
 * The accounts and keys that change while the node runs: the copy of the database's accounts on this node, its refresh,
 * and the changes that callers of the REST API ask for.
 */
@NullMarked
package org.rotunda.gateway.account;

import org.jspecify.annotations.NullMarked;
