/** Operations that OpenAPI documents describe (OpenAPI 3.0 and 3.1, Swagger 2.0), as requests over HTTP. */
@NullMarked
package dev.sluice.executor.openapi;

import org.jspecify.annotations.NullMarked;
