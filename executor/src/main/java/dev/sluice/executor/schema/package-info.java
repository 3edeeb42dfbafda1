/** JSON Schemas that authors write: checked when they are deployed, metered when values are held against them. */
@NullMarked
package dev.sluice.executor.schema;

import org.jspecify.annotations.NullMarked;
