/** Holds the Kustomize base against itself and against the two applications. */
@NullMarked
package dev.sluice.k8s;

import org.jspecify.annotations.NullMarked;
