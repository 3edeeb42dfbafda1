/** Calls of servers of the Model Context Protocol over streamable HTTP. */
@NullMarked
package dev.sluice.executor.call.mcp;

import org.jspecify.annotations.NullMarked;
