/** The scripts of workflows, on threads of their own. */
@NullMarked
package dev.sluice.executor.script;

import org.jspecify.annotations.NullMarked;
