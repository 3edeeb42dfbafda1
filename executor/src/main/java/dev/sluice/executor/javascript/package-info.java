/** JavaScript in a sandbox: QuickJS as WebAssembly on the JVM, with nothing of the machine but a clock. */
@NullMarked
package dev.sluice.executor.javascript;

import org.jspecify.annotations.NullMarked;
