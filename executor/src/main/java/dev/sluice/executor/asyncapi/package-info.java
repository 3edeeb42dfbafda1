/** Operations of documented message channels (AsyncAPI 2 and 3), as far as a client of them needs the document. */
@NullMarked
package dev.sluice.executor.asyncapi;

import org.jspecify.annotations.NullMarked;
