/** Tests of the folder {@code k8s}, and of a node that talks to the API server of Kubernetes. Everything runs on the thread of its test. */
@NullMarked
package org.rotunda.k8s;

import org.jspecify.annotations.NullMarked;
